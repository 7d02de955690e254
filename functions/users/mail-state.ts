import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { userKey } from './items.ts';
import type { MailState, User } from './user.ts';
import {
  isConditionFailure,
  pastTransactions,
  refusedItem,
  type UserTable,
  WriteConflict,
} from './user-table.ts';

/** What a sender is told of a user whom mails do not reach, or who does not want them. */
export type MailWarning = 'mail_bounced' | 'mail_complained';

/** Why no mail goes to the user's address; undefined when nothing is known against it. */
export const mailWarning = ({ mail }: Pick<User, 'mail'>): MailWarning | undefined =>
  mail && `mail_${mail.state}`;

/**
 * Keeps what SES has heard from a user's mailbox. It counts no version: it changes nothing that a contact says, and a user that
 * moves meanwhile loses it, or is not the one that is meant any more.
 *
 * @returns `outdated` when something at least as new is kept already: SNS gives events in any order, and some twice
 * @throws WriteConflict when the user has another address by now: look again whose it is
 */
export async function keepMailState(
  table: UserTable,
  { id, email }: User,
  mail: MailState,
): Promise<'kept' | 'outdated'> {
  const update = new UpdateCommand({
    TableName: table.name,
    Key: userKey(id),
    ConditionExpression: 'email = :email AND (attribute_not_exists(mail) OR mail.#at < :at)',
    UpdateExpression: 'SET mail = :mail',
    ExpressionAttributeNames: { '#at': 'at' },
    ExpressionAttributeValues: { ':email': email, ':at': mail.at, ':mail': mail },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  try {
    await pastTransactions(() => table.documents.send(update));
    return 'kept';
  } catch (error) {
    if (!isConditionFailure(error)) throw error;
    if (refusedItem(error)?.['email']?.S !== email) throw new WriteConflict(error);
    return 'outdated';
  }
}
