import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';
import { type Replacement, replacedFiles } from '../../../lib/bundle/replaced-files.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'usher-replaced-'));
  await mkdir(join(folder, 'node_modules/a-package'), { recursive: true });
  await writeFile(join(folder, 'node_modules/a-package/index.js'), "export { one } from './one.js';");
  await writeFile(join(folder, 'node_modules/a-package/one.js'), "export const one = 'theirs';");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function built(replacements: Record<string, Replacement>): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: folder,
    stdin: {
      contents: "import { one } from './node_modules/a-package/index.js'; tell(one);",
      resolveDir: folder,
    },
    bundle: true,
    write: false,
    logLevel: 'silent',
    plugins: [replacedFiles('test', replacements)],
  });
  return outputFiles[0]?.text ?? '';
}

describe('a file of a package', () => {
  it('is replaced by a text, or by what is made of it', async () => {
    expect(await built({ 'a-package/one.js': "export const one = 'ours';" })).toContain(
      "'ours'".replaceAll("'", '"'),
    );
    const text = await built({ 'a-package/one.js': (source) => source.replace('theirs', 'changed') });
    expect(text).toContain('"changed"');
  });

  it.each<[when: string, replacements: Record<string, Replacement>, error: RegExp]>([
    [
      'it is there no more',
      { 'a-package/other.js': '' },
      /a-package\/other\.js is not part of the function any more/,
    ],
    ['it exports more by now', { 'a-package/one.js': 'export const two = 2;' }, /No matching export/],
    [
      'it looks otherwise',
      {
        'a-package/one.js': () => {
          throw new Error('otherwise');
        },
      },
      /otherwise/,
    ],
  ])('ends the build when %s', async (_when, replacements, error) => {
    await expect(built(replacements)).rejects.toThrow(error);
  });
});
