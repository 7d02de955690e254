import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { listOf } from '../../../functions/crm/schemas.ts';

const numbers = listOf(z.string().transform(Number));

describe('a list', () => {
  it.each<[given: unknown, read: number[]]>([
    [[], []],
    [['1'], [1]],
    [
      ['1', '2', '1'],
      [1, 2, 1],
    ],
  ])('%j is read as %j', (given, read) => {
    expect(numbers.parse(given)).toEqual(read);
  });

  it.each([[{}], ['1'], [null], [{ length: 1, 0: '1' }]])('is not %j', (given) => {
    expect(numbers.safeParse(given).success).toBe(false);
  });

  it('of wrong elements has one issue, however many they are', () => {
    const { error } = numbers.safeParse(['1', 2, 3, 4]);
    expect(error?.issues).toEqual([
      { code: 'custom', path: [], message: expect.stringContaining('unknown shape') },
    ]);
  });
});
