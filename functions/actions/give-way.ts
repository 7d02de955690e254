import { loadIfThere } from '../crm/load-if-there.ts';
import { uniqueSpelling } from '../users/email-address.ts';
import { emailHolder, findById } from '../users/find.ts';
import { swapEmails } from '../users/swap-emails.ts';
import { updateUser } from '../users/update.ts';
import type { User } from '../users/user.ts';
import type { ActionPorts } from './ports.ts';
import { emailOf } from './profile.ts';

/**
 * What became of an address that another user holds. `given`: start over from the read. `kept` by the holder, whose contact
 * has it too; `gone`: the holder has no contact in this CRM, or none any more; both as it was read before its contact.
 * `stuck`: the holder's contact has another address by now, which somebody else holds.
 */
export type Way = { result: 'given' } | { result: 'stuck' } | { result: 'kept' | 'gone'; holder: User };

/**
 * A contact has an address that another user holds. If that user's own contact has another address by now, and only its
 * webhook has not come yet, the user moves on; two people who have swapped their addresses swap them here. One more call of
 * the CRM.
 *
 * @param wanting the contact's user, when it has one
 * @throws WriteConflict when one of the two has changed meanwhile
 */
export async function giveWay(
  holderId: string,
  email: string,
  wanting: User | undefined,
  connection: string,
  ports: ActionPorts,
): Promise<Way> {
  // Before the pull, so that the pull is no older than what is overwritten.
  const holder = await findById(ports.users, holderId);
  const contactId = holder?.contacts[connection];
  if (!holder || uniqueSpelling(holder.email) !== uniqueSpelling(email)) return { result: 'given' };
  if (contactId === undefined) return { result: 'gone', holder };
  const contact = await loadIfThere(ports.crm, contactId);
  if (!contact) return { result: 'gone', holder };
  const moved = emailOf(contact, ports.connection.fields);
  if (moved === undefined || uniqueSpelling(moved) === uniqueSpelling(holder.email))
    return { result: 'kept', holder };
  const next = await emailHolder(ports.users, moved);
  if (next === undefined) {
    await updateUser(ports.users, holder, { email: moved });
    return { result: 'given' };
  }
  if (!wanting || next !== wanting.id) return { result: 'stuck' };
  await swapEmails(ports.users, { user: wanting, email }, { user: holder, email: moved });
  return { result: 'given' };
}
