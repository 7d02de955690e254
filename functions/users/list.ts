import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { tagKey, userKey, userOf } from './items.ts';
import { batchSize, readItems } from './read-items.ts';
import type { User } from './user.ts';
import type { UserTable } from './user-table.ts';

/** Tags were kept as the CRM wrote them once; the next update brings them into NFC. */
const spellingsOf = (tag: string) => [...new Set([tag.normalize('NFC'), tag.normalize('NFD'), tag])];

/** Users with a tag in one spelling, after one of them. Costs a query and the reading of those users. */
async function readMembers(
  table: UserTable,
  tag: string,
  after: string | undefined,
  most: number,
): Promise<{ users: User[]; last: string | undefined }> {
  const page = await table.documents.send(
    new QueryCommand({
      TableName: table.name,
      KeyConditionExpression: 'pk = :tag',
      ExpressionAttributeValues: { ':tag': tagKey(tag, '').pk },
      Limit: most,
      ConsistentRead: true,
      ...(after === undefined ? {} : { ExclusiveStartKey: tagKey(tag, after) }),
    }),
  );
  const idOf = (item: Record<string, unknown>) => String(item['sk']).slice('USER#'.length);
  const found = await readItems(table, (page.Items ?? []).map(idOf).map(userKey));
  const byId = new Map(found.map(userOf).map((user) => [user.id, user] as const));
  const users = (page.Items ?? []).flatMap((item) => byId.get(idOf(item)) ?? []);
  return {
    // The index may be ahead of a user that is being written.
    users: users.filter((user) => user.tags.includes(tag)),
    last: page.LastEvaluatedKey && idOf(page.LastEvaluatedKey),
  };
}

/** Where a list of a tag's users goes on: in which of its spellings, and after whom. */
export interface TagPlace {
  spelling: number;
  after?: string | undefined;
}

/** Some of those who have a tag, and where their list goes on; no `next` at its end. */
export async function tagPage(
  table: UserTable,
  tag: string,
  { spelling, after }: TagPlace,
  most: number,
): Promise<{ users: User[]; next: TagPlace | undefined }> {
  const spellings = spellingsOf(tag);
  const { users, last } = await readMembers(table, spellings[spelling] ?? tag, after, most);
  if (last !== undefined) return { users, next: { spelling, after: last } };
  return { users, next: spelling + 1 < spellings.length ? { spelling: spelling + 1 } : undefined };
}

/** Everybody with a tag, page by page, in whatever normal form it is asked for. Costs no more than those users do. */
export async function* usersWithTag(table: UserTable, tag: string): AsyncGenerator<User> {
  const seen = new Set<string>();
  for (let place: TagPlace | undefined = { spelling: 0 }; place; ) {
    const { users, next }: Awaited<ReturnType<typeof tagPage>> = await tagPage(table, tag, place, batchSize);
    for (const user of users) {
      if (!seen.has(user.id)) yield user;
      seen.add(user.id);
    }
    place = next;
  }
}
