import { expect, it } from '@jest/globals';
import { countTry, type TryLimit, triesKey } from '../../functions/users/tries.ts';
import { awsError, table, useTable } from './store.ts';

useTable();

const limit = (what: string): TryLimit => ({ subject: ['somebody'], what: [what], most: 2, seconds: 60 });

it('a try that could be counted for one limit only is none: as many are left as before', async () => {
  const [first, second] = [limit('from here'), limit('from anywhere')];
  const failing = JSON.stringify(triesKey(second));
  table.meddle = (_name, { Key }) => {
    if (JSON.stringify(Key) === failing) throw awsError('InternalServerError');
  };
  for (let failures = 0; failures < 5; failures += 1)
    await expect(countTry(table, [first, second])).rejects.toThrow('InternalServerError');
  table.meddle = undefined;
  for (let left = 2; left > 0; left -= 1)
    expect(await countTry(table, [first, second])).toHaveProperty('giveBack');
  expect(await countTry(table, [first, second])).toHaveProperty('waitMs');
});
