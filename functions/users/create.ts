import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { UsherError } from '../errors.ts';
import { uniqueSpelling } from '../mail/email-address.ts';
import { contactKey, emailKey, type Key, loginKey } from './items.ts';
import { type Looks, noLookSince } from './looks.ts';
import { updateUser } from './update.ts';
import type { User } from './user.ts';
import { cancellationReasons, isConflict, type UserTable, WriteConflict } from './user-table.ts';
import { check, claim, ifFree, putTag, putUser, type Write } from './writes.ts';

/** A user about to be created. */
export type NewUser = Omit<User, 'version' | 'created' | 'updated'>;

/** Fits with the user, its claims, the look at a foreign e-mail address and two at looks into DynamoDB's 100 items. */
const tagsAtOnce = 90;

/** The username belongs to another user. */
export class LoginTaken extends UsherError {
  override name = 'LoginTaken';
  constructor() {
    super('login_taken', 'The username from the CRM belongs to another user.');
  }
}

/**
 * Creates a user with its address, username, contact link and tags in one transaction: two creations of one person
 * cannot both succeed.
 *
 * More than 90 tags are completed by further transactions, each leaving user and index in agreement.
 *
 * @param looks at contact and address, as they were seen before the contact was pulled
 * @throws LoginTaken when another user has the username, WriteConflict when address or contact are taken or were looked at
 */
export async function createUser(
  table: UserTable,
  newUser: NewUser,
  looks: readonly Looks[] = [],
): Promise<User> {
  const now = table.now().toISOString();
  const tags = newUser.tags.slice(0, tagsAtOnce);
  const user: User = { ...newUser, tags, version: 1, created: now, updated: now };

  const take = (key: Key) => claim(table, key, user.id, ifFree);
  const loginWrites = [take(loginKey(user.login)), ...foreignEmailCheck(table, user)];
  const writes: Write[] = [
    ...loginWrites,
    take(emailKey(user.email)),
    ...Object.entries(user.contacts).map(([connection, id]) => take(contactKey(connection, id))),
    putUser(table, user),
    ...looks.map((seen) => noLookSince(table, seen)),
    ...tags.map((tag) => putTag(table, tag, user.id, now)),
  ];
  try {
    await table.documents.send(new TransactWriteCommand({ TransactItems: writes }));
  } catch (error) {
    const failed = cancellationReasons(error).map((reason) => reason === 'ConditionalCheckFailed');
    const onlyLogin = failed.some(Boolean) && !failed.slice(loginWrites.length).some(Boolean);
    if (onlyLogin) throw new LoginTaken();
    throw isConflict(error) ? new WriteConflict(error) : error;
  }
  const missing = newUser.tags.slice(tagsAtOnce);
  if (missing.length === 0) return user;
  const byImport = user.importedBy === undefined ? {} : { byImport: user.importedBy };
  return updateUser(table, user, { ...byImport, tags: { added: missing, removed: [] } });
}

/**
 * Whether a username may be somebody else's address. People log in with either, so its owner could stand in for them: it is
 * taken when anybody holds that address.
 */
export function isForeignAddress(login: string, email: string): boolean {
  const name = uniqueSpelling(login);
  return name.includes('@') && name !== uniqueSpelling(email);
}

function foreignEmailCheck(table: UserTable, user: User): Write[] {
  return isForeignAddress(user.login, user.email) ? [check(table, emailKey(user.login), ifFree)] : [];
}
