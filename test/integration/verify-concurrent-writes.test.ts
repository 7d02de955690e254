import { describe, expect, it } from '@jest/globals';
import { deleteUser } from '../../functions/users/delete.ts';
import { tagKey, userItem } from '../../functions/users/items.ts';
import { repairIndex } from '../../lib/verify/verify-repair.ts';
import { put, remove, table, useTable } from './store.ts';
import { inconsistencies } from './table-state.ts';
import { isOfIndex, noSleep, person, problems } from './verified-table.ts';

useTable('each');

describe('while others write', () => {
  it('what is in order at the second look is no problem', async () => {
    const { id } = await person();
    await remove(tagKey('a', id));
    const found = await problems(async () => {
      await put({ ...tagKey('a', id), tag: 'a' });
    });
    expect(found).toEqual([]);
  });

  it('a user deleted right after it was read is no problem', async () => {
    const user = await person();
    table.meddle = async (name) => {
      if (name !== 'BatchGet') return;
      table.meddle = undefined;
      await deleteUser(table, user);
    };
    expect(await problems()).toEqual([]);
    expect(table.meddle).toBeUndefined();
  });

  /** Finds the one problem and does something right before the first write of its repair. */
  async function repairAfter(work: () => Promise<unknown>): Promise<string> {
    const [problem] = (await problems()).filter(isOfIndex);
    if (!problem) throw new Error('There is no problem.');
    table.meddle = async (name) => {
      if (name !== 'TransactWrite') return;
      table.meddle = undefined;
      await work();
    };
    return repairIndex(table, problem, noSleep);
  }

  it('a tag that its user has lost meanwhile is not indexed', async () => {
    const user = await person();
    await remove(tagKey('a', user.id));
    const result = await repairAfter(() => put(userItem({ ...user, tags: ['b'], version: 2 })));
    expect(result).toBe('gone');
    expect(await inconsistencies(table)).toEqual([]);
  });

  it('a user that has changed in something else is decided on anew', async () => {
    const user = await person();
    await remove(tagKey('a', user.id));
    expect(await repairAfter(() => put(userItem({ ...user, role: 'customer', version: 2 })))).toBe(
      'repaired',
    );
    expect(await inconsistencies(table)).toEqual([]);
  });
});
