import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { userOf } from './items.ts';
import type { User } from './user.ts';
import type { UserTable } from './user-table.ts';

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
