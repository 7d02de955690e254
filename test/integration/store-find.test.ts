import { DeleteCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { allUsers } from '../../functions/users/all-users.ts';
import { createUser } from '../../functions/users/create.ts';
import {
  emailHolder,
  findByContact,
  findByEmail,
  findById,
  findWithLooks,
  holders,
  linkedUserId,
} from '../../functions/users/find.ts';
import { contactKey, tagKey, userKey } from '../../functions/users/items.ts';
import { usersWithTag } from '../../functions/users/list.ts';
import { storedItems } from '../../functions/users/stored-items.ts';
import { updateUser } from '../../functions/users/update.ts';
import type { User } from '../../functions/users/user.ts';
import { WriteConflict } from '../../functions/users/user-table.ts';
import { beforeNth, newUser, type TestTable, table, useTable } from './store.ts';
import { collected } from './table-state.ts';

useTable();

const idsOf = (users: readonly User[]) => users.map(({ id }) => id).sort();

describe('finding a user', () => {
  it('by id, contact and address', async () => {
    const user = await createUser(table, newUser({ contacts: { encharge: 'e1', userengage: '1' } }));
    expect(await findById(table, user.id)).toEqual(user);
    expect(await findByContact(table, 'encharge', 'e1')).toEqual(user);
    expect(await findByContact(table, 'userengage', '1')).toEqual(user);
    expect(await linkedUserId(table, 'userengage', '1')).toBe(user.id);
    expect(await findByEmail(table, user.email.toUpperCase())).toEqual(user);
    expect(await emailHolder(table, ` ${user.email} `)).toBe(user.id);
  });

  it.each([
    ['a contact of another connection', () => findByContact(table, 'userengage', 'e1')],
    ['a contact whose id begins the same', () => findByContact(table, 'encharge', 'e')],
    ['nobody’s contact', () => linkedUserId(table, 'encharge', 'nobody')],
    ['nobody’s address', () => findByEmail(table, 'nobody@example.com')],
    ['nobody’s id', () => findById(table, 'nobody')],
  ])('not by %s', async (_what, find) => {
    expect(await find()).toBeUndefined();
  });

  it.each<[name: string, stays: boolean]>([
    ['to another contact of the same person', false],
    ['to nothing: somebody has written to the table by hand', true],
  ])('by a contact whose link moves between the two reads, %s', async (_name, stays) => {
    const user = await createUser(table, newUser({ contacts: { encharge: `old ${stays}` } }));
    beforeNth(table, 2, 'Get', async () => {
      if (stays) {
        await table.documents.send(
          new UpdateCommand({
            TableName: table.name,
            Key: userKey(user.id),
            UpdateExpression: 'REMOVE contacts.encharge',
          }),
        );
      } else
        await updateUser(table, user, { contact: { connection: 'encharge', contactId: `new ${stays}` } });
    });
    expect((await findByContact(table, 'encharge', `old ${stays}`))?.id).toBe(stays ? user.id : undefined);
  });

  it('by a contact whose link moves to another user between the two reads', async () => {
    const user = await createUser(table, newUser({ contacts: { encharge: 'moving' } }));
    const other = await createUser(table, newUser());
    beforeNth(table, 2, 'Get', async () => {
      await updateUser(table, user, { contact: { connection: 'encharge', contactId: 'moved on' } });
      await updateUser(table, other, { contact: { connection: 'encharge', contactId: 'moving' } });
    });
    expect((await findByContact(table, 'encharge', 'moving'))?.id).toBe(other.id);
  });

  it('not by a claim whose user has gone', async () => {
    await table.documents.send(
      new PutCommand({ TableName: table.name, Item: { ...contactKey('encharge', 'left'), userId: 'gone' } }),
    );
    expect(await findByContact(table, 'encharge', 'left')).toBeUndefined();
  });

  it('reads what was answered a moment ago: every read is consistent', async () => {
    const consistent: unknown[] = [];
    table.meddle = (name, input) => {
      if (name === 'Get') consistent.push(input['ConsistentRead']);
      if (name === 'BatchGet')
        consistent.push(Object(Object(input['RequestItems'])[table.name]).ConsistentRead);
    };
    await findByContact(table, 'encharge', 'e1');
    await findByEmail(table, 'nobody@example.com');
    await holders(table, 'encharge', 'nobody@example.com', 'nobody');
    expect(consistent).toEqual([true, true, true, true]);
  });

  it('and what another subject wants along with the claim, in the same read', async () => {
    const user = await createUser(table, newUser());
    const key = { pk: 'PACE#encharge', sk: 'PACE' };
    const seen: unknown[] = [];
    const alongside = { key, see: (item: unknown) => void seen.push(item) };
    const reads: string[] = [];
    table.meddle = (name) => void reads.push(name);
    expect(await findByEmail({ ...table, alongside }, user.email)).toEqual(user);
    expect(await findByEmail({ ...table, alongside }, 'nobody@example.com')).toBeUndefined();
    table.meddle = undefined;
    await table.documents.send(new PutCommand({ TableName: table.name, Item: { ...key, until: 7 } }));
    expect(await findByContact({ ...table, alongside }, 'encharge', 'nobody')).toBeUndefined();
    expect((await findWithLooks({ ...table, alongside }, 'encharge', 'nobody')).user).toBeUndefined();
    expect(reads).toEqual(['BatchGet', 'Get', 'BatchGet']);
    expect(seen).toEqual([undefined, undefined, { ...key, until: 7 }, { ...key, until: 7 }]);
  });
});

describe('who holds an address and a username', () => {
  it('tells the two apart', async () => {
    const [one, two] = await Promise.all([createUser(table, newUser()), createUser(table, newUser())]);
    expect(await holders(table, 'encharge', one.email, two.login)).toMatchObject({
      email: one.id,
      login: two.id,
    });
    expect(await holders(table, 'encharge', one.email, one.email.toUpperCase())).toMatchObject({
      email: one.id,
      login: one.id,
    });
    expect(await holders(table, 'encharge', 'nobody@example.com', two.login)).toMatchObject({
      email: undefined,
      login: two.id,
    });
    expect(await holders(table, 'encharge', one.email, 'nobody')).toMatchObject({
      email: one.id,
      login: undefined,
    });
  });

  it('takes half an answer for none', async () => {
    const send = () => {
      const UnprocessedKeys = { [table.name]: { Keys: [userKey('1')] } };
      return Promise.resolve({ Responses: { [table.name]: [] }, UnprocessedKeys });
    };
    const busy = { ...table, documents: { send: send as unknown as TestTable['documents']['send'] } };
    await expect(holders(busy, 'encharge', 'nobody@example.com', 'nobody')).rejects.toBeInstanceOf(
      WriteConflict,
    );
  });
});

describe('listing users', () => {
  const tags = ['everybody'];
  let users: User[];
  beforeAll(async () => {
    users = await Promise.all(Array.from({ length: 130 }, () => createUser(table, newUser({ tags }))));
  });

  it('by a tag, over several pages', async () => {
    const queries: unknown[] = [];
    const batches: unknown[] = [];
    table.meddle = (name, { ConsistentRead, RequestItems }) => {
      if (name === 'Query') queries.push(ConsistentRead);
      else batches.push(Object(Object(RequestItems)[table.name]).ConsistentRead);
    };
    expect(idsOf(await collected(usersWithTag(table, 'everybody')))).toEqual(idsOf(users));
    expect([queries, batches]).toEqual([
      [true, true],
      [true, true],
    ]);
    expect(await collected(usersWithTag(table, 'every'))).toEqual([]);
  });

  it('by a tag, without those that the index knows of too early or too late', async () => {
    const [early, gone] = [await createUser(table, newUser()), await createUser(table, newUser())];
    for (const { id } of [early, gone]) {
      const Item = { ...tagKey('rare', id), tag: 'rare' };
      await table.documents.send(new PutCommand({ TableName: table.name, Item }));
    }
    await table.documents.send(new DeleteCommand({ TableName: table.name, Key: userKey(gone.id) }));
    expect(await collected(usersWithTag(table, 'rare'))).toEqual([]);
    await table.documents.send(
      new UpdateCommand({
        TableName: table.name,
        Key: userKey(early.id),
        UpdateExpression: 'SET tags = :tags',
        ExpressionAttributeValues: { ':tags': new Set(['rare']) },
      }),
    );
    expect(idsOf(await collected(usersWithTag(table, 'rare')))).toEqual([early.id]);
  });

  it('one after another, over several pages', async () => {
    let pages = 0;
    table.meddle = (name, input) => {
      if (name !== 'Scan') return;
      pages += 1;
      input['Limit'] = 100;
    };
    const all = await collected(allUsers(table));
    expect(pages).toBeGreaterThan(3);
    expect(new Set(idsOf(all)).size).toBe(all.length);
    expect(all.filter(({ tags: [tag] }) => tag === 'everybody')).toHaveLength(users.length);
  });

  it('asks again for users that DynamoDB did not get to', async () => {
    let asked = 0;
    const { documents } = table;
    const send = async (command: { input: { RequestItems?: Record<string, { Keys: object[] }> } }) => {
      const request = command.input.RequestItems?.[table.name];
      if (!request || request.Keys.length <= 40) return documents.send(command as never);
      asked += 1;
      const left = request.Keys.splice(40);
      const answer = await documents.send(command as never);
      return { ...(answer as object), UnprocessedKeys: { [table.name]: { Keys: left } } };
    };
    const slow = { ...table, documents: { send: send as unknown as TestTable['documents']['send'] } };
    expect(idsOf(await collected(usersWithTag(slow, 'everybody')))).toEqual(idsOf(users));
    expect(asked).toBe(2);
  });
});

/** What items are, by their keys' first word. */
const kinds = (items: readonly Record<string, unknown>[]) =>
  items.map(({ pk }) => String(pk).split('#')[0]).sort();

describe('the stored items of a user', () => {
  it('say what there is not', async () => {
    const user = await createUser(table, newUser());
    const [item] = (await storedItems(table, user.id)) ?? [];
    expect(item).toMatchObject({ tags: [], hasPassword: false, hasSetPasswordKey: false });
  });

  it('of nobody are none', async () => {
    expect(await storedItems(table, 'nobody')).toBeUndefined();
  });

  it('are read as they are now', async () => {
    const { id } = await createUser(table, newUser());
    const reads: unknown[] = [];
    table.meddle = (_name, { ConsistentRead, RequestItems }) => {
      reads.push(ConsistentRead ?? Object(Object(RequestItems)[table.name]).ConsistentRead);
    };
    await storedItems(table, id);
    expect(reads).toEqual([true, true]);
  });

  it('leave out a claim that belongs to somebody else by now', async () => {
    const user = await createUser(table, newUser());
    beforeNth(table, 1, 'BatchGet', async () => {
      await updateUser(table, user, { email: `moved-${user.email}` });
      await createUser(table, newUser({ email: user.email, login: `new-${user.email}` }));
    });
    const items = (await storedItems(table, user.id)) ?? [];
    expect(kinds(items)).toEqual(['CONTACT', 'LOGIN', 'USER']);
  });
});
