import type { ContactRequest } from '../jobs/contact-request.ts';
import { findByContact, findByEmail } from '../users/find.ts';
import { addressLooksKey, contactLooksKey } from '../users/items.ts';
import { leaveLookAtNobody } from '../users/looks.ts';
import { type KeptRole, refusalOf } from '../users/roles.ts';
import type { User } from '../users/user.ts';
import type { ActionPorts } from './ports.ts';

/** Whose webhook it is, and whether the user is the contact's: named by an e-mail parameter, that has still to be seen. */
export interface Found {
  user: User;
  isLinked: boolean;
}

async function find(request: ContactRequest, ports: ActionPorts): Promise<Found | undefined> {
  const { connection, contactId, email } = request;
  const linked =
    contactId === undefined ? undefined : await findByContact(ports.users, connection, contactId);
  if (linked) return { user: linked, isLinked: true };
  const named = email === undefined ? undefined : await findByEmail(ports.users, email);
  return named && { user: named, isLinked: false };
}

/** The role that somebody who becomes a user later is to have. */
function roleToKeep({ role, receivedAt }: ContactRequest, ports: ActionPorts): KeptRole | undefined {
  if (role === undefined) return undefined;
  if (refusalOf(ports.config.roles, role)) return undefined;
  return { role, at: receivedAt };
}

/**
 * Finds the user, or one that is being created right now from what the contact was before: an `add` under way either finds
 * the look that is left here, and pulls once more, or has created the user before the second search.
 */
export async function lookFor(request: ContactRequest, ports: ActionPorts): Promise<Found | undefined> {
  const found = await find(request, ports);
  if (found) return found;
  const { connection, contactId, email } = request;
  const key =
    contactId === undefined
      ? email !== undefined && addressLooksKey(connection, email)
      : contactLooksKey(connection, contactId);
  if (!key) return undefined;
  await leaveLookAtNobody(ports.users, key, roleToKeep(request, ports));
  return find(request, ports);
}
