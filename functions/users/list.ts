import { QueryCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { tagKey, userKey, userOf } from './items.ts';
import { batchSize, readItems } from './read-items.ts';
import type { User } from './user.ts';
import type { UserTable } from './user-table.ts';

/**
 * Everybody with a tag, page by page, in whatever normal form it is asked for. Costs a query or two and the reading of those
 * users, whatever the table's size.
 */
export async function* usersWithTag(table: UserTable, tag: string): AsyncGenerator<User> {
  const seen = new Set<string>();
  // Tags were kept as the CRM wrote them once; the next update brings them into NFC.
  for (const spelling of new Set([tag.normalize('NFC'), tag.normalize('NFD'), tag])) {
    for await (const user of usersWithSpelling(table, spelling)) {
      if (!seen.has(user.id)) yield user;
      seen.add(user.id);
    }
  }
}

async function* usersWithSpelling(table: UserTable, tag: string): AsyncGenerator<User> {
  let start: Record<string, unknown> | undefined;
  do {
    const page = await table.documents.send(
      new QueryCommand({
        TableName: table.name,
        KeyConditionExpression: 'pk = :tag',
        ExpressionAttributeValues: { ':tag': tagKey(tag, '').pk },
        Limit: batchSize,
        ConsistentRead: true,
        ...(start ? { ExclusiveStartKey: start } : {}),
      }),
    );
    const ids = (page.Items ?? []).map((item) => String(item['sk']).slice('USER#'.length));
    const users = (await readItems(table, ids.map(userKey))).map(userOf);
    // The index may be ahead of a user that is being written.
    for (const user of users) if (user.tags.includes(tag)) yield user;
    start = page.LastEvaluatedKey;
  } while (start);
}

/** Every user, in no order. Reads the whole table: for people at a terminal, never for a webhook. */
export async function* allUsers(table: UserTable): AsyncGenerator<User> {
  let start: Record<string, unknown> | undefined;
  do {
    const page = await table.documents.send(
      new ScanCommand({
        TableName: table.name,
        FilterExpression: 'sk = :user',
        ExpressionAttributeValues: { ':user': 'USER' },
        ...(start ? { ExclusiveStartKey: start } : {}),
      }),
    );
    for (const item of page.Items ?? []) yield userOf(item);
    start = page.LastEvaluatedKey;
  } while (start);
}
