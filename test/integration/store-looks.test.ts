import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from '@jest/globals';
import { createUser } from '../../functions/users/create.ts';
import { deleteUser } from '../../functions/users/delete.ts';
import { findById } from '../../functions/users/find.ts';
import { contactLooksKey } from '../../functions/users/items.ts';
import { leaveLook, leaveLookAtNobody, looksOf } from '../../functions/users/looks.ts';
import { swapEmails } from '../../functions/users/swap-emails.ts';
import { updateUser } from '../../functions/users/update.ts';
import type { User } from '../../functions/users/user.ts';
import { WriteConflict } from '../../functions/users/user-table.ts';
import { newEmail } from './contacts.ts';
import { awsError, newUser, table, useTable } from './store.ts';

useTable();

const create = (tags: string[] = []) => createUser(table, newUser({ tags }));
const stored = ({ id }: User) => findById(table, id);
const tags = (count: number) => Array.from({ length: count }, (_, number) => `tag ${number}`);
const [noon, later] = ['2026-03-01T12:00:00.000Z', '2026-03-01T12:00:00.001Z'];

describe('a look at a user', () => {
  it('counts, and leaves the version', async () => {
    const user = await create();
    await leaveLook(table, user);
    await leaveLook(table, user);
    expect(await stored(user)).toEqual({ ...user, looks: 2 });
  });

  it.each<[name: string, change: (user: User) => Promise<unknown>]>([
    ['written', (user) => updateUser(table, user, { role: 'editor' })],
    ['deleted', (user) => deleteUser(table, user)],
  ])('is refused when the user has been %s since, and leaves no item', async (_name, change) => {
    const user = await create();
    await change(user);
    const before = await stored(user);
    for (const roleAt of [undefined, noon]) {
      await expect(leaveLook(table, user, roleAt)).rejects.toBeInstanceOf(WriteConflict);
    }
    expect(await stored(user)).toEqual(before);
  });

  it.each<[name: string, looks: (user: User) => Promise<void>]>([
    ['a look', (user) => leaveLook(table, user)],
    ['two', (user) => leaveLook(table, user).then(() => leaveLook(table, user))],
  ])('every write of a user as it was before %s is refused', async (_name, look) => {
    const [before, other] = [await create(tags(95)), await create()];
    await leaveLook(table, before);
    const writes: ((user: User) => Promise<unknown>)[] = [
      (user) => updateUser(table, user, { role: 'editor' }),
      (user) => updateUser(table, user, { email: newEmail() }),
      (user) => updateUser(table, user, { contact: { connection: 'encharge', contactId: 'another' } }),
      (user) => updateUser(table, user, { tags: { added: ['new'], removed: [] } }),
      (user) => updateUser(table, user, { welcomeAsked: noon }),
      (user) =>
        swapEmails(
          table,
          { user, change: { email: other.email } },
          { user: other, change: { email: user.email } },
        ),
      (user) =>
        swapEmails(
          table,
          { user: other, change: { email: user.email } },
          { user, change: { email: other.email } },
        ),
      (user) => deleteUser(table, user),
    ];
    for (const user of [before, { ...before, looks: 1 }]) {
      await look(before);
      const now = await stored(user);
      for (const write of writes) await expect(write(user)).rejects.toBeInstanceOf(WriteConflict);
      expect([await stored(user), await stored(other)]).toEqual([now, other]);
    }
    const now = await stored(before);
    if (now) await deleteUser(table, now);
    expect(await stored(before)).toBeUndefined();
  });

  it.each<[name: string, count: number, run: (user: User) => Promise<unknown>]>([
    ['an update', 200, (user) => updateUser(table, user, { tags: { added: [], removed: user.tags } })],
    ['a deletion', 120, (user) => deleteUser(table, user)],
  ])('ends %s of several steps between two of them', async (_name, count, run) => {
    const user = await create(tags(count));
    let writes = 0;
    table.meddle = async (name) => {
      if (name !== 'TransactWrite') return;
      writes += 1;
      const now = await stored(user);
      if (writes === 2 && now) await leaveLook(table, now);
    };
    await expect(run(user)).rejects.toBeInstanceOf(WriteConflict);
    expect(writes).toBe(2);
    expect(await stored(user)).toMatchObject({ version: user.version + 1, looks: 1 });
  });

  it('takes the time of a role along, unless a newer one is stored', async () => {
    const user = await create();
    await leaveLook(table, user, later);
    await leaveLook(table, user, noon);
    expect(await stored(user)).toEqual({ ...user, looks: 2, roleAt: later });
  });
});

describe('a look at nobody', () => {
  let made = 0;
  const newKey = () => contactLooksKey('encharge', `nobody ${++made}`);
  const read = async (Key: { pk: string; sk: string }) =>
    looksOf(Key, (await table.documents.send(new GetCommand({ TableName: table.name, Key }))).Item);

  it('begins with the time, so that no count comes again when the item has ended', async () => {
    const key = newKey();
    expect(await read(key)).toEqual({ key, count: undefined, kept: undefined });
    await leaveLookAtNobody(table, key, undefined);
    await leaveLookAtNobody(table, key, undefined);
    expect(await read(key)).toEqual({ key, count: table.now().getTime() + 2, kept: undefined });
  });

  it.each([
    ['none', undefined, ['editor', noon]],
    ['an older one', { role: 'customer', at: '2026-03-01T11:59:59.999Z' }, ['editor', noon]],
    ['one of the same time', { role: 'customer', at: noon }, ['customer', noon]],
    ['a newer one', { role: 'customer', at: later }, ['customer', later]],
  ])('keeps a role when %s comes, and counts', async (_name, given, [role, at]) => {
    const key = newKey();
    await leaveLookAtNobody(table, key, { role: 'editor', at: noon });
    await leaveLookAtNobody(table, key, given);
    expect(await read(key)).toEqual({ key, count: table.now().getTime() + 2, kept: { role, at } });
  });

  it.each(['before', 'since'])(
    'left %s it was looked for decides whether a user is created',
    async (when) => {
      const user = newUser();
      const key = contactLooksKey('encharge', String(user.contacts['encharge']));
      await leaveLookAtNobody(table, key, undefined);
      const seen = await read(key);
      const unseen = { ...seen, count: undefined };
      await expect(createUser(table, user, [unseen])).rejects.toBeInstanceOf(WriteConflict);
      if (when === 'since') await leaveLookAtNobody(table, key, undefined);
      const creation = createUser(table, user, [seen]);
      if (when === 'since') await expect(creation).rejects.toBeInstanceOf(WriteConflict);
      else expect(await creation).toMatchObject({ id: user.id });
    },
  );

  it('fits into the transaction with as many tags as there can be', async () => {
    const user = newUser({ tags: tags(95), login: 'somebody@example.org' });
    const looks = ['one', 'two'].map((id) => looksOf(contactLooksKey('a', id), undefined));
    expect((await createUser(table, user, looks)).tags).toHaveLength(95);
  });

  it('is tried again when a transaction holds the item, and any other error is told', async () => {
    const [user, key] = [await create(), newKey()];
    const looks = [
      () => leaveLook(table, user),
      () => leaveLook(table, user, noon),
      () => leaveLookAtNobody(table, key, undefined),
      () => leaveLookAtNobody(table, key, { role: 'editor', at: noon }),
    ];
    for (const look of looks) {
      table.meddle = () => Promise.reject(awsError('TransactionConflictException'));
      await expect(look()).rejects.toBeInstanceOf(WriteConflict);
      table.meddle = () => Promise.reject(awsError('ProvisionedThroughputExceededException'));
      await expect(look()).rejects.toMatchObject({ name: 'ProvisionedThroughputExceededException' });
    }
    table.meddle = undefined;
    expect([await stored(user), (await read(key)).count]).toEqual([user, undefined]);
  });
});
