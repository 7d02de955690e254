import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Random } from '../random.ts';
import { userKey } from './items.ts';
import { newSetPasswordKey } from './set-password-key.ts';
import type { User } from './user.ts';
import { isConditionFailure, pastTransactions, type UserTable, WriteConflict } from './user-table.ts';

/**
 * Makes a one-time key for somebody whom an operator hands it to, in place of the one before. Mails with a key that are still
 * to be sent are called off: every try of theirs would put another key in its place, even if nobody ever gets to see that.
 *
 * @throws WriteConflict when the user is gone or has another address by now: the key would be a stranger's
 */
export async function giveSetPasswordKey(
  table: UserTable,
  random: Random,
  { id, email }: Pick<User, 'id' | 'email'>,
): Promise<{ key: string; expires: string }> {
  const { key, stored } = newSetPasswordKey(random, table.now());
  const update = new UpdateCommand({
    TableName: table.name,
    Key: userKey(id),
    ConditionExpression: 'email = :email',
    UpdateExpression: 'SET setPassword = :stored REMOVE effects.link_mail, effects.welcome_mail',
    ExpressionAttributeValues: { ':email': email, ':stored': stored },
  });
  try {
    await pastTransactions(() => table.documents.send(update));
    return { key, expires: stored.expires };
  } catch (error) {
    throw isConditionFailure(error) ? new WriteConflict(error) : error;
  }
}
