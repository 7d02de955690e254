import { describe, expect, it } from '@jest/globals';
import { createUser } from '../../functions/users/create.ts';
import { deleteUser } from '../../functions/users/delete.ts';
import { emailKey, tagKey, userItem } from '../../functions/users/items.ts';
import { repairIndex } from '../../lib/verify/verify-repair.ts';
import { awsError, newUser } from './store.ts';
import { inconsistencies } from './table-state.ts';
import {
  isOfIndex,
  named,
  noSleep,
  person,
  problems,
  put,
  remove,
  table,
  useVerifiedTable,
} from './verified-table.ts';

useVerifiedTable();

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

  it('a transaction under way is waited for, but not for ever', async () => {
    const { email } = await person();
    await remove(emailKey(email));
    const conflict = awsError('TransactionCanceledException', {
      CancellationReasons: [{ Code: 'None' }, { Code: 'TransactionConflict' }],
    });
    let conflicts = 2;
    table.meddle = (name) => {
      if (name === 'TransactGet' && conflicts-- > 0) throw conflict;
    };
    expect(await problems()).toMatchObject([{ kind: 'missing' }]);
    conflicts = Number.POSITIVE_INFINITY;
    await expect(problems()).rejects.toBe(conflict);
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

  it('a claim that has got its user meanwhile is not deleted', async () => {
    const user = newUser();
    await put({ ...emailKey(user.email), userId: user.id });
    const result = await repairAfter(async () => {
      await remove(emailKey(user.email));
      await createUser(table, user);
    });
    expect(result).toBe('gone');
    expect(await inconsistencies(table)).toEqual([]);
  });

  it('a claim that somebody else has got meanwhile is not deleted', async () => {
    const user = newUser();
    await put({ ...emailKey(user.email), userId: 'nobody' });
    const result = await repairAfter(async () => {
      await remove(emailKey(user.email));
      await createUser(table, user);
    });
    expect(result).toBe('gone');
    expect(await inconsistencies(table)).toEqual([]);
  });

  it('a claim that was taken meanwhile is a clash, and stays', async () => {
    const { email } = await person();
    await remove(emailKey(email));
    const other = newUser({ email, login: 'another' });
    expect(await repairAfter(() => createUser(table, other))).toBe('remains');
    expect(named(await problems())).toMatchObject([{ kind: 'clash' }]);
  });

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

  it('errors of the table are not taken for changes', async () => {
    await put({ ...emailKey('ghost@example.com'), userId: 'nobody' });
    const failure = repairAfter(() => Promise.reject(awsError('InternalServerError')));
    await expect(failure).rejects.toThrow('InternalServerError');
  });
});
