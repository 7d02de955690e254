import { access, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { pageTexts, siteErrorTexts } from '../../../functions/config/site-texts.ts';
import { siteStatuses } from '../../../functions/site/site-error.ts';

const pageOf = (file: string) => readFile(file, 'utf8');

/** What follows a heading of a page, up to the next one. */
async function section(file: string, heading: string): Promise<string> {
  const [, rest = ''] = (await pageOf(file)).split(`\n## ${heading}\n`);
  return rest.split('\n## ')[0] ?? '';
}

it('docs/errors.md has every error of the site side, with its status', async () => {
  const rows = (await section('docs/errors.md', "Of the site's side")).split('\n');
  const found = rows.flatMap((row) => {
    const [, code, status] = /^\| `(\w+)` \| (\d{3})/.exec(row) ?? [];
    return code === undefined ? [] : [[code, Number(status)]];
  });
  expect(Object.fromEntries(found)).toEqual(siteStatuses);
});

it('docs/errors.md has every error of webhooks and jobs', async () => {
  const source = await pageOf('functions/errors.ts');
  const [, union = ''] = /type ErrorCode =([^;]+);/.exec(source) ?? [];
  const codes = [...union.matchAll(/'(\w+)'/g)].map(([, code]) => code ?? '');
  const page = await pageOf('docs/errors.md');
  expect(codes.length).toBeGreaterThan(20);
  expect(codes.filter((code) => !page.includes(`\`${code}\``))).toEqual([]);
});

it('docs/configuration.md has every text of pages and errors, as it is without any configuration', async () => {
  const page = await section('docs/configuration.md', "The site's pages and errors");
  const texts = { ...pageTexts.parse({}), ...siteErrorTexts.parse({}) };
  const rows = Object.entries(texts).map(([name, text]) => `| \`${name}\` | ${text} |`);
  expect(rows.filter((row) => !page.includes(row))).toEqual([]);
});

/** A heading's anchor, as GitHub makes it. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_ -]/gu, '')
    .replaceAll(' ', '-');

const inDocs = (await readdir('docs')).filter((name) => name.endsWith('.md'));
const pages = ['README.md', 'CONTRIBUTING.md', ...inDocs.map((name) => `docs/${name}`)];

describe('links of a page lead somewhere', () => {
  it.each(pages)('%s', async (file) => {
    const links = [...(await pageOf(file)).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(
      ([, link]) => link ?? '',
    );
    for (const link of links) {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? file : join(dirname(file), path);
      await expect(access(target).then(() => target)).resolves.toBe(target);
      if (anchor === undefined) continue;
      const headings = [...(await pageOf(target)).matchAll(/^#+ (.+)$/gm)].map(([, text]) =>
        anchorOf(text ?? ''),
      );
      expect({ link, headings }).toEqual({ link, headings: expect.arrayContaining([anchor]) });
    }
  });
});
