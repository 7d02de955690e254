import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Random } from '../random.ts';
import { userKey } from './items.ts';
import { hashPassword } from './password.ts';
import { isConditionFailure, pastTransactions, type UserTable } from './user-table.ts';

/** Hashes a password again, with the parameters of today, unless it was changed meanwhile. It stays the same password. */
export async function renewHash(
  table: UserTable,
  random: Random,
  { userId, password, hash }: { userId: string; password: string; hash: string },
): Promise<void> {
  const update = new UpdateCommand({
    TableName: table.name,
    Key: userKey(userId),
    ConditionExpression: 'passwordHash = :hash',
    UpdateExpression: 'SET passwordHash = :renewed',
    ExpressionAttributeValues: { ':hash': hash, ':renewed': await hashPassword(password, random) },
  });
  try {
    await pastTransactions(() => table.documents.send(update));
  } catch (error) {
    if (!isConditionFailure(error)) throw error;
  }
}
