import { randomUUID } from 'node:crypto';
import { appendFile, readFile, rm, stat } from 'node:fs/promises';
import { expect, it } from '@jest/globals';
import { givenIds, keepGiven, keepIds, seenIds, sentIds } from '../../../lib/import/kept-ids.ts';
import { fileOf } from '../../../lib/import/state.ts';
import { folder, useFolder } from '../../support/folder.ts';
import { exampleState } from './example-state.ts';

useFolder();

const begun = () => exampleState({ id: randomUUID() });

async function all(ids: AsyncIterable<string>): Promise<string[]> {
  const found: string[] = [];
  for await (const id of ids) found.push(id);
  return found;
}

it('keeps what was sent in its order, and knows whom the list has shown besides', async () => {
  const state = begun();
  await keepIds(folder, state, { sent: ['b', 'a'], others: ['x'] });
  await keepIds(folder, state, { sent: [], others: [] });
  await keepIds(folder, state, { sent: ['c'], others: [] });
  expect(await all(sentIds(folder, state))).toEqual(['b', 'a', 'c']);
  const seen = await seenIds(folder, state);
  expect(['a', 'b', 'c', 'x', '\tx', 'y'].map((id) => seen.has(id))).toEqual([
    true,
    true,
    true,
    true,
    false,
    false,
  ]);
  expect(state.sent).toBe(3);
  expect((await stat(fileOf(folder, state, 'ids'))).mode & 0o777).toBe(0o600);
});

it('begins a line of its own after a process that died within one', async () => {
  const state = begun();
  await keepIds(folder, state, { sent: ['first', 'second'], others: [] });
  await appendFile(fileOf(folder, state, 'ids'), 'thi');
  const seen = await seenIds(folder, state);
  expect([seen.size, seen.has('thi'), state.sent]).toEqual([2, false, 2]);
  await keepIds(folder, state, { sent: ['third'], others: [] });
  expect(await all(sentIds(folder, state))).toEqual(['first', 'second', 'third']);
});

it.each(['', 'half', 'whole\n'])('finds in a file with %j only whole lines', async (text) => {
  const state = begun();
  await keepGiven(folder, state, ['one', 'two']);
  await appendFile(fileOf(folder, state, 'ids'), text);
  expect((await seenIds(folder, state)).size).toBe(text.endsWith('\n') ? 1 : 0);
  expect(await readFile(fileOf(folder, state, 'ids'), 'utf8')).toBe(text.endsWith('\n') ? text : '');
  expect(await all(givenIds(folder, state))).toEqual(['one', 'two']);
});

it('has nobody before the first page, in a file that only its owner reads', async () => {
  const state = begun();
  await keepGiven(folder, state, ['one']);
  expect((await seenIds(folder, state)).size).toBe(0);
  for (const type of ['ids', 'given'] as const)
    expect((await stat(fileOf(folder, state, type))).mode & 0o777).toBe(0o600);
});

it('refuses to go on where the ids that were given are lost: it does not take that for an import of nobody', async () => {
  const state = begun();
  await keepGiven(folder, state, ['one']);
  await rm(fileOf(folder, state, 'given'));
  await expect(all(givenIds(folder, state))).rejects.toThrow(`import-${state.id}.given`);
});
