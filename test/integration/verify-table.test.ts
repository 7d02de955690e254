import { DeleteCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createUser, type NewUser } from '../../functions/users/create.ts';
import { deleteUser } from '../../functions/users/delete.ts';
import {
  contactKey,
  emailKey,
  type Key,
  loginKey,
  tagKey,
  userItem,
  userKey,
} from '../../functions/users/items.ts';
import type { User } from '../../functions/users/user.ts';
import type { IndexProblem } from '../../functions/users/verify-look.ts';
import { repairIndex } from '../../functions/users/verify-repair.ts';
import { type Problem, verifyTable } from '../../functions/users/verify-table.ts';
import { awsError, newUser, startTable, type TestTable } from './store.ts';
import { allItems, collected, inconsistencies } from './table-state.ts';

const tables: TestTable[] = [];
let table: TestTable;
beforeEach(async () => {
  table = await startTable();
  tables.push(table);
});
afterEach(() => {
  table.meddle = undefined;
});
afterAll(() => {
  for (const { stop } of tables) stop();
});

const noSleep = () => Promise.resolve();

function problems(sleep: (ms: number) => Promise<void> = noSleep): Promise<Problem[]> {
  const pendingSince = new Date(table.time.getTime() - 3_600_000);
  return collected(verifyTable(table, { pendingSince, sleep, onRead: () => undefined }));
}

const isOfIndex = (problem: Problem): problem is IndexProblem =>
  problem.kind !== 'unknown' && problem.kind !== 'effects_pending';

/** Problem by problem, as `usher verify --fix` does. */
async function repairs(): Promise<string[]> {
  const results: string[] = [];
  for (const problem of (await problems()).filter(isOfIndex)) {
    results.push(await repairIndex(table, problem, noSleep));
  }
  return results;
}

const put = (item: object) =>
  table.documents.send(new PutCommand({ TableName: table.name, Item: { ...item } }));
const remove = (key: Key) =>
  table.documents.send(new DeleteCommand({ TableName: table.name, Key: { ...key } }));
const person = (change: Partial<NewUser> = {}) => createUser(table, newUser({ tags: ['a', 'b'], ...change }));
const named = (found: Problem[]) =>
  found.filter(isOfIndex).map(({ kind, key, userId }) => ({ kind, pk: key.pk, userId }));

describe('a table in order', () => {
  it('has no problems, however many pages it has', async () => {
    const tags = Array.from({ length: 250 }, (_, number) => `tag ${number}`);
    const long = 'x'.repeat(2000);
    await Promise.all(Array.from({ length: 3 }, () => person({ tags: [...tags, long] })));
    await put({ pk: 'PAUSE#encharge', sk: 'PAUSE', until: 7 });
    const counts: number[] = [];
    const found = await collected(
      verifyTable(table, {
        pendingSince: table.time,
        sleep: () => Promise.reject(new Error('nothing is suspicious')),
        onRead: (count) => counts.push(count),
      }),
    );
    expect(found).toEqual([]);
    expect(counts.length).toBeGreaterThan(5);
    expect(counts.at(-1)).toBe(3 * (1 + 3 + 251) + 1);
  });
});

type Planted = [kind: string, key: Key, userId: string];

describe('what is wrong with the index', () => {
  const ghost = 'nobody-at-all';

  it.each<[string, (user: User) => Promise<Planted>]>([
    [
      'an address of no user',
      async () => {
        await put({ ...emailKey('ghost@example.com'), userId: ghost });
        return ['orphan', emailKey('ghost@example.com'), ghost];
      },
    ],
    [
      'a username that its user does not have',
      async ({ id }) => {
        await put({ ...loginKey('formerly'), userId: id });
        return ['orphan', loginKey('formerly'), id];
      },
    ],
    [
      'a contact link that its user does not have',
      async ({ id }) => {
        await put({ ...contactKey('encharge', 'another'), userId: id });
        return ['orphan', contactKey('encharge', 'another'), id];
      },
    ],
    [
      'a tag member without user',
      async () => {
        await put({ ...tagKey('a', ghost), tag: 'a' });
        return ['orphan', tagKey('a', ghost), ghost];
      },
    ],
    [
      'a tag member whose user does not have the tag',
      async ({ id }) => {
        await put({ ...tagKey('c', id), tag: 'c' });
        return ['orphan', tagKey('c', id), id];
      },
    ],
    [
      'a missing address',
      async ({ id, email }) => {
        await remove(emailKey(email));
        return ['missing', emailKey(email), id];
      },
    ],
    [
      'a missing username',
      async ({ id, login }) => {
        await remove(loginKey(login));
        return ['missing', loginKey(login), id];
      },
    ],
    [
      'a missing contact link',
      async ({ id, contacts }) => {
        await remove(contactKey('encharge', String(contacts['encharge'])));
        return ['missing', contactKey('encharge', String(contacts['encharge'])), id];
      },
    ],
    [
      'a missing tag member',
      async ({ id }) => {
        await remove(tagKey('b', id));
        return ['missing', tagKey('b', id), id];
      },
    ],
    [
      'a tag member without its tag',
      async ({ id }) => {
        await put(tagKey('b', id));
        return ['missing', tagKey('b', id), id];
      },
    ],
  ])('%s is found and repaired', async (_name, plant) => {
    await person();
    const [kind, key, userId] = await plant(await person());
    expect(await inconsistencies(table)).not.toEqual([]);
    expect(named(await problems())).toEqual([{ kind, pk: key.pk, userId }]);
    expect(await repairs()).toEqual(['repaired']);
    expect(await inconsistencies(table)).toEqual([]);
    expect(await problems()).toEqual([]);
  });

  it('an address of a user that names nobody is given to the user', async () => {
    const { id, email } = await person();
    await put({ ...emailKey(email), userId: ghost });
    // Seen from both sides.
    expect(named(await problems())).toEqual(
      expect.arrayContaining([
        { kind: 'misdirected', pk: emailKey(email).pk, userId: id },
        { kind: 'orphan', pk: emailKey(email).pk, userId: ghost },
      ]),
    );
    await repairs();
    expect(await problems()).toEqual([]);
    expect(await inconsistencies(table)).toEqual([]);
  });

  it('two users of one address are left to a person', async () => {
    const [first, second] = [await person(), await person()];
    await put(userItem({ ...second, email: first.email }));
    const before = await allItems(table);
    const found = await problems();
    expect(named(found)).toEqual(
      expect.arrayContaining([
        { kind: 'clash', pk: emailKey(first.email).pk, userId: second.id },
        { kind: 'orphan', pk: emailKey(second.email).pk, userId: second.id },
      ]),
    );
    expect((await repairs()).sort()).toEqual(['remains', 'repaired']);
    expect(await allItems(table)).toHaveLength(before.length - 1);
    expect(named(await problems())).toMatchObject([{ kind: 'clash' }]);
  });

  it('a claim that names nobody at all is left to a person too', async () => {
    const { email } = await person();
    await put(emailKey(email));
    expect((await problems()).map(({ kind }) => kind).sort()).toEqual(['clash', 'unknown']);
    expect(await repairs()).toEqual(['remains']);
  });

  it('items of no kind are named, and whoever cannot be read keeps what it has', async () => {
    const { id: _id, ...broken } = userItem(await person());
    await put(broken);
    await put({ pk: 'BASKET#7', sk: 'ITEM' });
    expect(await problems()).toEqual(
      expect.arrayContaining([
        { kind: 'unknown', key: { pk: 'BASKET#7', sk: 'ITEM' } },
        { kind: 'unknown', key: { pk: broken['pk'], sk: 'USER' } },
      ]),
    );
    const before = await allItems(table);
    expect(await repairs()).toEqual([]);
    expect(await allItems(table)).toEqual(before);
  });
});

describe('effects', () => {
  const at = (minutes: number) => new Date(table.time.getTime() + minutes * 60_000).toISOString();

  it('that should be done are found, and others are not', async () => {
    const late = await person({ effects: { welcome_mail: { since: at(-61), claimedUntil: at(-50) } } });
    await person({ effects: { welcome_mail: { since: at(-59) } } });
    await person({ effects: { return_password: { since: at(-90), claimedUntil: at(1) } } });
    expect(await problems()).toEqual([
      expect.objectContaining({
        kind: 'effects_pending',
        userId: late.id,
        effects: ['welcome_mail'],
        since: at(-61),
      }),
    ]);
  });

  it('that are done between the looks are none', async () => {
    const { id } = await person({ effects: { welcome_mail: { since: at(-61) } } });
    const found = await problems(async () => {
      await table.documents.send(
        new UpdateCommand({
          TableName: table.name,
          Key: userKey(id),
          UpdateExpression: 'REMOVE effects.welcome_mail',
        }),
      );
    });
    expect(found).toEqual([]);
  });
});

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
