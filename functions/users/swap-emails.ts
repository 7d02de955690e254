import { TransactWriteCommand, type TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { asRead } from './as-read.ts';
import { emailKey, userKey } from './items.ts';
import type { User } from './user.ts';
import { orConflict, type UserTable } from './user-table.ts';

type Write = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** A user as it was read, and the address that it is to have. */
export interface Mover {
  user: User;
  email: string;
}

/**
 * Gives each of two users the address that the other one holds, with both claims, in one transaction. Links to set a
 * password that were mailed to the old addresses stop working.
 *
 * @throws WriteConflict when one of them has changed since it was read
 */
export async function swapEmails(table: UserTable, one: Mover, other: Mover): Promise<void> {
  const TableName = table.name;
  const updated = table.now().toISOString();
  const update = ({ user, email }: Mover): Write => {
    const { ConditionExpression, ExpressionAttributeValues } = asRead(user);
    return {
      Update: {
        TableName,
        Key: userKey(user.id),
        ConditionExpression,
        UpdateExpression: 'SET email = :email, version = :after, updated = :now REMOVE setPassword, mail',
        ExpressionAttributeValues: {
          ...ExpressionAttributeValues,
          ':after': user.version + 1,
          ':email': email,
          ':now': updated,
        },
      },
    };
  };
  const writes = (mover: Mover, holder: User): Write[] => [
    update(mover),
    {
      Put: {
        TableName,
        Item: { ...emailKey(mover.email), userId: mover.user.id },
        ConditionExpression: 'userId = :holder',
        ExpressionAttributeValues: { ':holder': holder.id },
      },
    },
  ];
  await orConflict<unknown>(
    table.documents.send(
      new TransactWriteCommand({
        TransactItems: [...writes(one, other.user), ...writes(other, one.user)],
      }),
    ),
  );
}
