import { expect, it } from '@jest/globals';
import { Marks } from '../../../lib/import/marks.ts';

it('knows thirty thousand texts, each with its mark, and no others', () => {
  const marks = new Marks();
  const idOf = (index: number) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
  const count = 30_000;
  for (let index = 0; index < count; index += 1) marks.set(idOf(index), (index % 20_000) + 1);
  expect(marks.size).toBe(count);
  let wrong = 0;
  for (let index = 0; index < count; index += 1)
    if (marks.get(idOf(index)) !== (index % 20_000) + 1) wrong += 1;
  for (let index = count; index < 2 * count; index += 1) if (marks.has(idOf(index))) wrong += 1;
  expect(wrong).toBe(0);
});

it('counts a text once, and keeps its last mark', () => {
  const marks = new Marks();
  for (const text of ['', '-0', 'a', 'a', 'A']) marks.add(text);
  marks.set('a', 7);
  expect([marks.size, marks.get('a'), marks.get('A'), marks.get('b')]).toEqual([4, 7, 1, 0]);
});

it.each([0, -1, 65_536])('takes no mark that it cannot hold: %d', (mark) => {
  expect(() => new Marks().set('a', mark)).toThrow(RangeError);
});
