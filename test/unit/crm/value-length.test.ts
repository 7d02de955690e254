import { describe, expect, it } from '@jest/globals';
import { deepest, isLongerThan } from '../../../functions/crm/value-length.ts';

const nested = (levels: number): unknown => (levels === 0 ? 'x' : [nested(levels - 1)]);

describe('a value is longer than so many bytes', () => {
  it.each<[name: string, value: unknown, bytes: number]>([
    ['a text, in characters', 'abcd', 4],
    ['a text, in bytes', 'éé', 4],
    ['a list: two bytes before each item', ['a', 'b'], 6],
    ['a map: its names as well', { ab: 'c' }, 5],
    ['a number in a list: eight bytes', [1], 10],
    ['yes in a map', { a: true }, 11],
    ['what is deep, down to the deepest', nested(deepest + 1), 2 * (deepest + 1) + 1],
  ])('%s', (_name, value, bytes) => {
    expect([isLongerThan(value, bytes), isLongerThan(value, bytes - 1)]).toEqual([false, true]);
  });

  it.each([1e300, true, undefined])('%s by itself never is', (value) => {
    expect(isLongerThan(value, 0)).toBe(false);
  });

  it('no further than the deepest: what is below is refused for that', () => {
    expect(isLongerThan([nested(deepest), 'x'.repeat(100)], 50)).toBe(true);
    const below = nested(deepest + 3);
    expect(isLongerThan(below, 2 * (deepest + 2))).toBe(false);
  });
});
