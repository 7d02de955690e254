import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { claimKeys, tagKey, userKey, userOf } from './items.ts';
import { readItems } from './read-items.ts';
import type { UserTable } from './user-table.ts';

type Item = Record<string, unknown>;

/** What is pending, without what a password will be made of. */
export const withoutSalt = (effects: Record<string, { salt?: unknown }>): Record<string, object> =>
  Object.fromEntries(Object.entries(effects).map(([name, { salt: _salt, ...pending }]) => [name, pending]));

/** The user's item as plain JSON. Of the password and the one-time key it only says whether there is one. */
function withoutSecrets({ passwordHash, setPassword, tags, effects, ...item }: Item): Item {
  return {
    ...item,
    effects: withoutSalt(Object(effects)),
    tags: tags instanceof Set ? [...tags].sort() : [],
    hasPassword: passwordHash !== undefined,
    hasSetPasswordKey: setPassword !== undefined,
  };
}

/**
 * Everything the table holds of a user, item by item as docs/data.md shows them: the user, its claims and links, its tag
 * members. Undefined when there is no such user.
 */
export async function storedItems(table: UserTable, userId: string): Promise<Item[] | undefined> {
  const { Item: item } = await table.documents.send(
    new GetCommand({ TableName: table.name, Key: userKey(userId), ConsistentRead: true }),
  );
  if (!item) return undefined;
  const user = userOf(item);
  const keys = [...claimKeys(user), ...user.tags.map((tag) => tagKey(tag, userId))];
  const others = await readItems(table, keys);
  // A claim may have gone to somebody else between the two reads.
  const own = others.filter(({ userId: holder }) => holder === undefined || holder === userId);
  return [withoutSecrets(item), ...own];
}
