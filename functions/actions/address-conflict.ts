import { loadIfThere } from '../crm/load-if-there.ts';
import type { ContactRequest } from '../jobs/contact-request.ts';
import { uniqueSpelling } from '../mail/email-address.ts';
import { isMailable } from '../mail/mailable.ts';
import { findById, holders } from '../users/find.ts';
import { hasNewAddress } from '../users/own-address.ts';
import { isPrivileged } from '../users/roles.ts';
import { swapEmails } from '../users/swap-emails.ts';
import { updateUser } from '../users/update.ts';
import type { User } from '../users/user.ts';
import { sendMovedJob } from './moved-job.ts';
import { planMove } from './plan-move.ts';
import type { ActionPorts } from './ports.ts';
import { emailOf } from './profile.ts';

/**
 * What became of an address that another user holds. `given`: start over from the read. `kept` by the holder, whose contact
 * has it too; `gone`: the holder has no contact in this CRM, or none any more; both as it was read before its contact.
 * `stuck`: the holder's contact has another address by now, which somebody else holds. `held`: that contact lives and has no
 * address to go to, or may not move its user. `privileged`: the holder is administered by hand.
 */
export type Way =
  | { result: 'given' | 'stuck' | 'held' | 'privileged' }
  | { result: 'kept' | 'gone'; holder: User };

/** An address, the user who holds it, and the contact's user, when it has one. */
export interface Conflict {
  holderId: string;
  email: string;
  wanting?: User;
}

/** Whether a connection's contact may give its user another address. */
export function isMovable(
  user: User,
  connection: string,
  { config, connection: { linkByEmail } }: Pick<ActionPorts, 'config' | 'connection'>,
): boolean {
  if (isPrivileged(config.roles, user.role)) return false;
  return linkByEmail || Object.keys(user.contacts).every((name) => name === connection);
}

/**
 * A contact has an address that another user holds. If that user's own contact has another address by now, and only its
 * webhook has not come yet, the user moves on; two people who have swapped their addresses swap them here. One more call of
 * the CRM.
 *
 * @throws WriteConflict when one of the two has changed meanwhile
 */
export async function resolveAddressConflict(
  { holderId, email, wanting }: Conflict,
  request: ContactRequest,
  ports: ActionPorts,
): Promise<Way> {
  const { connection } = request;
  // Before the pull, so that the pull is no older than what is overwritten.
  const holder = await findById(ports.users, holderId);
  const contactId = holder?.contacts[connection];
  if (!holder || uniqueSpelling(holder.email) !== uniqueSpelling(email)) return { result: 'given' };
  if (isPrivileged(ports.config.roles, holder.role)) return { result: 'privileged' };
  if (contactId === undefined) return { result: 'gone', holder };
  const contact = await loadIfThere(ports.crm, contactId);
  if (!contact) return { result: 'gone', holder };
  const moved = emailOf(contact, ports.connection.fields);
  // An address may be missing because it is being changed: whoever has the account keeps it.
  if (moved === undefined) return { result: 'held' };
  if (uniqueSpelling(moved) === uniqueSpelling(holder.email)) return { result: 'kept', holder };
  const isFree = hasNewAddress(holder, connection, moved) && isMovable(holder, connection, ports);
  if (!isFree || !isMailable(moved)) return { result: 'held' };
  const next = await holders(ports.users, connection, moved, moved);
  if (next.email === undefined) {
    const isNameTaken = next.login !== undefined && next.login !== holder.id;
    const change = planMove(holder, { email: moved, connection, isNameTaken }, ports);
    await sendMovedJob(holder, change, { ...request, contactId }, ports);
    await updateUser(ports.users, holder, change);
    return { result: 'given' };
  }
  // Its own webhook was faster.
  if (next.email === holder.id) return { result: 'given' };
  if (!wanting || next.email !== wanting.id) return { result: 'stuck' };
  await swap({ user: wanting, email }, { user: holder, email: moved }, request, ports);
  return { result: 'given' };
}

interface Wish {
  user: User;
  email: string;
}

/** A username that one of the two has is free for the other one: both go with their addresses. */
async function swap(one: Wish, other: Wish, request: ContactRequest, ports: ActionPorts): Promise<void> {
  const { connection } = request;
  const movers = await Promise.all(
    [one, other].map(async ({ user, email }) => {
      const { login } = await holders(ports.users, connection, email, email);
      const isNameTaken = login !== undefined && login !== one.user.id && login !== other.user.id;
      return { user, change: { email, ...planMove(user, { email, connection, isNameTaken }, ports) } };
    }),
  );
  for (const { user, change } of movers)
    await sendMovedJob(user, change, { ...request, contactId: user.contacts[connection] ?? '' }, ports);
  const [first, second] = movers;
  if (first && second) await swapEmails(ports.users, first, second);
}
