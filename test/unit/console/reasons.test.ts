import { readFile } from 'node:fs/promises';
import { expect, it } from '@jest/globals';
import { jobResults, reasons } from '../../../lib/console/reasons.ts';

const page = await readFile('docs/errors.md', 'utf8');
// Some codes of the site's side mean something else there. Whoever gets them is no sender of webhooks.
const rows = page
  .replace(/^## Of the site's side$.*?(?=^## )/ms, '')
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
const namesIn = (cell = '') => [...cell.matchAll(/`(\w+)`/g)].map(([, name = '']) => name);

it('docs/errors.md says of every code what the console says, word for word', () => {
  const documented = rows
    .filter((cells) => cells.length === 4)
    .flatMap(([codes, _answer, cause, next]) =>
      namesIn(codes).map((code) => [code, { cause, next }] as const),
    );
  expect(Object.fromEntries(documented)).toEqual(reasons);
});

it('docs/errors.md says of every result of a job what the console says', () => {
  const documented = rows
    .filter((cells) => cells.length === 2)
    .map(([result, meaning]) => [namesIn(result)[0], meaning] as const);
  expect(Object.fromEntries(documented)).toMatchObject(jobResults);
});
