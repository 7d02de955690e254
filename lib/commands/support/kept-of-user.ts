import { loggedIds } from '../../../functions/runtime/log.ts';
import { storedItems } from '../../../functions/users/stored-items.ts';
import type { User } from '../../../functions/users/user.ts';
import type { Deployment } from './deployment.ts';
import { CommandError } from './terminal.ts';

/** What the log calls the user and the contacts it has: the log holds ids only. */
function logIds({ id, contacts }: User): object {
  return {
    user: id,
    contacts: Object.entries(contacts).map(([connection, contactId]) => ({
      connection,
      contact: loggedIds(contactId),
    })),
  };
}

/**
 * Everything that is kept of a user.
 *
 * @throws CommandError when there is no such user any more
 */
export async function keptOfUser({ users, title }: Deployment, user: User, now: Date): Promise<object> {
  const items = await storedItems(users, user.id);
  if (!items) throw new CommandError('There is no such user any more.');
  return { exported: now.toISOString(), from: title, items, log_ids: logIds(user) };
}
