import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Metafile } from 'esbuild';
import { bundleFunction } from '../../../lib/bundle/bundle.ts';
import { bundleSize } from '../../../lib/bundle/bundle-size.ts';

let folder: string;
let contents: Metafile;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'usher-bundle-'));
  await writeFile(join(folder, 'chunk-OF-ANOTHER-BUILD.mjs'), '');
  await writeFile(join(folder, 'kept.txt'), '');
  contents = await bundleFunction(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The files of the source that are part of what is loaded before the first event, or of all. */
function sources(of: 'start' | 'all'): string[] {
  const { outputs } = contents;
  const loaded = new Set(Object.keys(outputs).filter((file) => of === 'all' || file.endsWith('/index.mjs')));
  for (const file of loaded) {
    for (const { kind, path } of outputs[file]?.imports ?? [])
      if (kind === 'import-statement' && path in outputs) loaded.add(path);
  }
  const inputs = [...loaded].flatMap((file) => Object.entries(outputs[file]?.inputs ?? {}));
  return inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([file]) => file);
}

describe('the built function', () => {
  it('lies alone in its folder, whatever was built there before', async () => {
    const made = Object.keys(contents.outputs).map((file) => basename(file));
    expect((await readdir(folder)).sort()).toEqual([...made, 'kept.txt'].sort());
  });

  it('is small, and smaller for a webhook', () => {
    const { all, start } = bundleSize(contents);
    expect(all).toBeLessThan(480_000);
    expect(start).toBeLessThan(400_000);
  });

  it.each([
    ['zod with methods', /zod\/v4\/classic/],
    ['files of profiles', /shared-ini-file-loader\/(?!getProfileName)/],
    ['a search for credentials', /credential-provider-(?!env)/],
    ['hashes in JavaScript', /mnemonist|obliterator/],
    ['a parser of user agents', /bowser/],
  ])('has no %s', (_what, files) => {
    expect(sources('all').filter((file) => files.test(file))).toEqual([]);
  });

  it.each([
    ['mails', /functions\/(effects|mail\/template)|mustache/],
    ['pages', /functions\/site\/(?!site-paths)/],
    ['jobs', /functions\/worker|powertools\/batch/],
    ['the client of SES', /client-ses\/|xml-builder|protocols\/query\//],
  ])('loads %s when they are needed', (_what, files) => {
    expect(sources('start').filter((file) => files.test(file))).toEqual([]);
    expect(sources('all').filter((file) => files.test(file))).not.toEqual([]);
  });
});
