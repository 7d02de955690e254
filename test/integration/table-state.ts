import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { contactKey, emailKey, type Key, loginKey, tagKey, userOf } from '../../functions/users/items.ts';
import type { User } from '../../functions/users/user.ts';
import type { UserTable } from '../../functions/users/user-table.ts';

type Item = Record<string, unknown>;

/** Every item of a table that belongs to a user, read consistently: no state of a connection, turn of a job, look at nobody, or count of tries. */
export async function allItems(table: UserTable): Promise<Item[]> {
  const items: Item[] = [];
  let start: Item | undefined;
  do {
    const page = await table.documents.send(
      new ScanCommand({
        TableName: table.name,
        ConsistentRead: true,
        FilterExpression:
          'NOT (begins_with(pk, :pace) OR begins_with(pk, :turn) OR begins_with(pk, :looks) OR begins_with(pk, :tries))',
        ExpressionAttributeValues: {
          ':pace': 'PACE#',
          ':turn': 'TURN#',
          ':looks': 'LOOKS#',
          ':tries': 'TRIES#',
        },
        ...(start ? { ExclusiveStartKey: start } : {}),
      }),
    );
    items.push(...(page.Items ?? []));
    start = page.LastEvaluatedKey;
  } while (start);
  return items;
}

/** The items that name one of these ids or addresses as a whole: `7002` is not in `314e70026bc0`. */
export async function itemsNaming(table: UserTable, marks: readonly string[]): Promise<Item[]> {
  const words = (item: Item) => JSON.stringify(item).split(/["#]/);
  return (await allItems(table)).filter((item) => words(item).some((word) => marks.includes(word)));
}

/** The items that name a user by anything that is the user's own. */
export const itemsOfUser = (table: UserTable, { id, email, login, contacts }: User): Promise<Item[]> =>
  itemsNaming(table, [id, email, login, ...Object.values(contacts)]);

const nameOf = ({ pk, sk }: Key | Item) => `${String(pk)} ${String(sk)}`;

/** The items that a user must have besides its own, by name. */
function itemsOf(user: User): [name: string, check: (item: Item) => boolean][] {
  const claims = [
    emailKey(user.email),
    loginKey(user.login),
    ...Object.entries(user.contacts).map(([connection, id]) => contactKey(connection, id)),
  ];
  return [
    ...claims.map((key): [string, (item: Item) => boolean] => [
      nameOf(key),
      (item) => item['userId'] === user.id,
    ]),
    ...user.tags.map((tag): [string, (item: Item) => boolean] => [
      nameOf(tagKey(tag, user.id)),
      (item) => item['tag'] === tag,
    ]),
  ];
}

/**
 * What is wrong with a table: a user without one of its claims, links or tag members, or one of these without its user.
 * Empty when every item is accounted for.
 */
export async function inconsistencies(table: UserTable): Promise<string[]> {
  const items = await allItems(table);
  const unexplained = new Map(items.map((item) => [nameOf(item), item]));
  const problems: string[] = [];
  for (const user of items.filter(({ sk }) => sk === 'USER').map(userOf)) {
    unexplained.delete(`USER#${user.id} USER`);
    for (const [name, check] of itemsOf(user)) {
      const item = unexplained.get(name);
      if (!item) problems.push(`missing or taken by another: ${name} of ${user.id}`);
      else if (!check(item)) problems.push(`belongs to another: ${name} of ${user.id}`);
      unexplained.delete(name);
    }
  }
  return [...problems, ...[...unexplained.keys()].map((name) => `orphan: ${name}`)];
}

/** The users that hold an address now or once did by their username. */
export async function usersOfEmail(table: UserTable, email: string): Promise<User[]> {
  const items = await allItems(table);
  return items
    .filter(({ sk, email: held }) => sk === 'USER' && String(held).toLowerCase() === email.toLowerCase())
    .map(userOf);
}

/** Everything that a generator has. */
export async function collected<Item>(generator: AsyncGenerator<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of generator) items.push(item);
  return items;
}
