import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';

const cdkJson = JSON.parse(await readFile('cdk.json', 'utf8')) as {
  app: string;
  context: Record<string, unknown>;
};

type Files = Record<string, string>;

/** The contents of a folder's files, by their names. */
async function filesIn(folder: string): Promise<Files> {
  const names = await readdir(folder);
  const read = async (name: string) => [name, await readFile(join(folder, name), 'utf8')] as const;
  return Object.fromEntries(await Promise.all(names.map(read)));
}

/** Runs the app as the CDK command line does, without AWS credentials; the rules are tested elsewhere. */
async function synthesise(context: Record<string, unknown>): Promise<{ stacks: string[]; zips: Files[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'usher-app-'));
  const [, ...words] = cdkJson.app.split(' ');
  try {
    await promisify(execFile)(process.execPath, words, {
      env: {
        CDK_OUTDIR: folder,
        CDK_CONTEXT_JSON: JSON.stringify({ ...cdkJson.context, ...context }),
        CDK_VALIDATION: 'false',
      },
    });
    const manifest = await readFile(join(folder, 'manifest.json'), 'utf8');
    const { artifacts } = JSON.parse(manifest) as { artifacts: Record<string, { type: string }> };
    const stacks = Object.keys(artifacts).filter((id) => artifacts[id]?.type === 'aws:cloudformation:stack');
    const [stack = ''] = stacks;
    const { files } = JSON.parse(await readFile(join(folder, `${stack}.assets.json`), 'utf8')) as {
      files: Record<string, { source: { path: string; packaging: string } }>;
    };
    const zips = Object.values(files).filter(({ source }) => source.packaging === 'zip');
    const codes = zips.map(({ source }) => filesIn(join(folder, source.path)));
    return { stacks, zips: await Promise.all(codes) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

it.each([
  [{}, 'Usher-dev'],
  [{ stage: 'prod' }, 'Usher-prod'],
])('%j is the stack %s, with the bundle as its code', async (context, name) => {
  const { stacks, zips } = await synthesise(context);
  expect(stacks).toEqual([name]);
  const built = await filesIn('dist');
  expect(Object.keys(built)).toContain('index.mjs');
  expect(zips).toEqual([built]);
});

it('is set up to tell nobody of it', () => {
  expect(cdkJson).toMatchObject({
    app: 'node bin/app.ts',
    notices: false,
    versionReporting: false,
    context: { '@aws-cdk/core:validateAgainstDefaultRules': true },
  });
});
