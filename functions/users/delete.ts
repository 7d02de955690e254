import { TransactWriteCommand, type TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { asRead } from './as-read.ts';
import { claimKeys, tagKey, userKey } from './items.ts';
import { updateUser } from './update.ts';
import type { User } from './user.ts';
import { orConflict, type UserTable } from './user-table.ts';

type Write = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html */
const largestTransaction = 100;

/**
 * Deletes a user as it was read, with every item it has.
 *
 * The tags that do not fit into one transaction go first, by ordinary updates; claims, links and the user itself go
 * together, last. So whenever this ends early a whole user is left, with fewer tags, and found as before: doing it again
 * finishes it. That it is as it was read is a condition of every step: a webhook under way either comes first or finds no user.
 *
 * @throws WriteConflict when the user has changed since it was read: start over from the read
 */
export async function deleteUser(table: UserTable, user: User): Promise<void> {
  const claims = claimKeys(user);
  // A user has one link per connection, of which the function's environment holds a few dozen at most.
  const room = largestTransaction - claims.length - 1;
  const excess = user.tags.slice(room);
  const rest =
    excess.length === 0 ? user : await updateUser(table, user, { tags: { added: [], removed: excess } });

  const TableName = table.name;
  const release = (Key: Record<string, unknown>): Write => ({
    Delete: {
      TableName,
      Key,
      ConditionExpression: 'attribute_not_exists(pk) OR userId = :me',
      ExpressionAttributeValues: { ':me': user.id },
    },
  });
  const writes: Write[] = [
    ...claims.map((key) => release({ ...key })),
    ...rest.tags.map((tag) => ({ Delete: { TableName, Key: tagKey(tag, user.id) } })),
    {
      Delete: {
        TableName,
        Key: userKey(user.id),
        ...asRead(rest),
      },
    },
  ];
  await orConflict<unknown>(table.documents.send(new TransactWriteCommand({ TransactItems: writes })));
}
