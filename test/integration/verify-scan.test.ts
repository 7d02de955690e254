import { beforeEach, describe, expect, it } from '@jest/globals';
import { createUser, type NewUser } from '../../functions/users/create.ts';
import { emailKey, loginKey, tagKey, userKey } from '../../functions/users/items.ts';
import { claimEffect, finishEffect } from '../../functions/users/pending-effects.ts';
import type { PendingEffect } from '../../functions/users/user.ts';
import { type Problem, verifyTable } from '../../lib/verify/verify-table.ts';
import { beforeNth, newUser, put, remove, type TestTable, table, useTable } from './store.ts';
import { collected } from './table-state.ts';

let slept: number[] = [];
let counts: number[] = [];
useTable('each');
beforeEach(() => {
  slept = [];
  counts = [];
});

/** Everything that is found; `meanwhile` is done between the two looks. */
function problems(meanwhile: () => unknown = () => undefined): Promise<Problem[]> {
  return collected(
    verifyTable(table, {
      pendingSince: new Date(table.time.getTime() - 3_600_000),
      sleep: async (ms) => {
        slept.push(ms);
        await meanwhile();
      },
      onRead: (count) => counts.push(count),
    }),
  );
}

const person = (change: Partial<NewUser> = {}) => createUser(table, newUser(change));
const ago = (minutes: number) => new Date(table.time.getTime() - minutes * 60_000).toISOString();

describe('pending effects', () => {
  it.each<[name: string, effect: () => PendingEffect]>([
    ['since the limit', () => ({ since: ago(60) })],
    ['claimed until now', () => ({ since: ago(61), claimedUntil: ago(0) })],
    ['since the limit, and claimed', () => ({ since: ago(60), claimedUntil: ago(1) })],
  ])('%s are none', async (_name, effect) => {
    await person({ effects: { welcome_mail: effect() } });
    expect(await problems()).toEqual([]);
    expect(slept).toEqual([]);
  });

  it.each([
    [80, 70],
    [70, 80],
  ])('are told together, since the first of them: %i, %i', async (...since) => {
    const effects = { welcome_mail: { since: ago(since[0]) }, return_password: { since: ago(since[1]) } };
    const user = await person({ effects });
    expect(await problems()).toEqual([
      {
        kind: 'effects_pending',
        userId: user.id,
        user,
        effects: expect.arrayContaining(['welcome_mail', 'return_password']),
        since: ago(80),
      },
    ]);
    expect(slept).toEqual([250]);
  });

  it('are told when nobody holds the claim any more', async () => {
    await person({ effects: { welcome_mail: { since: ago(61), claimedUntil: ago(1) } } });
    expect(await problems()).toMatchObject([{ effects: ['welcome_mail'], since: ago(61) }]);
  });

  it('are told without those that are in time', async () => {
    const effects = { welcome_mail: { since: ago(61) }, return_password: { since: ago(59) } };
    await person({ effects });
    expect(await problems()).toMatchObject([{ effects: ['welcome_mail'], since: ago(61) }]);
  });

  it.each<[name: string, meanwhile: (id: string) => Promise<unknown>]>([
    ['of a user that goes', (id) => remove(userKey(id))],
    [
      'that are done',
      async (id) => {
        await claimEffect(table, id, 'welcome_mail', {});
        await finishEffect(table, id, 'welcome_mail');
      },
    ],
  ])('%s between the looks are none', async (_name, meanwhile) => {
    const { id } = await person({ effects: { welcome_mail: { since: ago(61) } } });
    expect(await problems(() => meanwhile(id))).toEqual([]);
  });
});

describe('what two looks see differently', () => {
  it('is told at the next run, when it is still there', async () => {
    const user = await person();
    await remove(emailKey(user.email));
    // Missing at first, and somebody else's then.
    const found = await problems(() => put({ ...emailKey(user.email), userId: 'somebody' }));
    expect(found).toEqual([]);
    expect(slept).toEqual([250]);
  });

  it('does not hide what both see', async () => {
    const [one, two, three] = [await person(), await person(), await person()];
    for (const { email } of [one, two, three]) await remove(emailKey(email));
    const found = await problems(() => put({ ...emailKey(two.email), userId: two.id }));
    const missing = [one, three].map(({ id, email }) => ({
      kind: 'missing',
      userId: id,
      key: emailKey(email),
    }));
    expect(found).toHaveLength(2);
    expect(found).toEqual(expect.arrayContaining(missing.map((one) => expect.objectContaining(one))));
  });

  it('is nothing when the first sees nothing: there is no second', async () => {
    const user = await person();
    const key = tagKey('a', user.id);
    await put({ ...key, tag: 'a' });
    beforeNth(table, 1, 'TransactGet', () => remove(key));
    expect(await problems()).toEqual([]);
    expect(slept).toEqual([]);
  });
});

describe('a table in order', () => {
  it('is read page by page, and nothing in it is looked at more closely', async () => {
    const effects = { welcome_mail: { since: ago(59) } };
    const change = { tags: ['a', 'b', 'c'], contacts: { encharge: 'c1', userengage: '1' }, effects };
    await person(change);
    await person({ tags: Array.from({ length: 200 }, (_, n) => `tag ${n}`) });
    const looks: string[] = [];
    table.meddle = (name) => void (name.endsWith('Get') && name !== 'BatchGet' && looks.push(name));
    expect(await problems()).toEqual([]);
    expect([looks, slept]).toEqual([[], []]);
    expect(counts).toEqual([100, 200, 212]);
  });
});

describe('many problems', () => {
  it('are each found once, by eight looks at a time at most', async () => {
    const keys = Array.from({ length: 20 }, (_, n) => loginKey(`nobody ${n}`));
    for (const key of keys) await put({ ...key, userId: `gone ${key.pk}` });
    let [running, most] = [0, 0];
    const { documents } = table;
    const send = async (command: { constructor: { name: string } }) => {
      if (command.constructor.name !== 'TransactGetCommand') return documents.send(command as never);
      running += 1;
      most = Math.max(most, running);
      const answer = await documents.send(command as never);
      running -= 1;
      return answer;
    };
    table.documents = { send: send as TestTable['documents']['send'] };
    const found = await problems();
    expect(found.map((problem) => ('key' in problem ? problem.key.pk : '')).sort()).toEqual(
      keys.map(({ pk }) => pk).sort(),
    );
    expect(most).toBe(8);
  });

  it('of one user and its neighbours on other pages are found once', async () => {
    const users = await Promise.all(
      Array.from({ length: 40 }, (_, n) => person({ tags: [`a ${n}`, `b ${n}`] })),
    );
    const [user] = users;
    if (!user) throw new Error('There is no user.');
    await remove(loginKey(user.login));
    await put({ ...tagKey('stray', user.id), tag: 'stray' });
    const found = await problems();
    expect(found.map(({ kind }) => kind).sort()).toEqual(['missing', 'orphan']);
  });
});
