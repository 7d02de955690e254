import type { Config } from '../config/config.ts';
import type { User } from '../users/user.ts';
import type { UserChange } from '../users/user-change.ts';
import { type MovePorts, planMove } from './plan-move.ts';

/** Whether nobody but CRMs that reach no user by address has ever said whose address this is. */
function isOfLesserCrms({ contacts }: User, { connections }: Config): boolean {
  const names = Object.keys(contacts);
  return (
    names.length > 0 &&
    names.every((name) => Object.hasOwn(connections, name) && connections[name]?.linkByEmail === false)
  );
}

/**
 * What changes on a user who gets a contact by its address. Whoever has the token of a lesser CRM may have made the user
 * before, with a password and for somebody else's address: then passwords and keys end as with a move, and the mailbox gets
 * its own.
 */
export function planLink(
  user: User,
  contact: { connection: string; contactId: string },
  ports: MovePorts,
): UserChange {
  if (!isOfLesserCrms(user, ports.config)) return { contact };
  const destination = { email: user.email, connection: contact.connection, isNameTaken: false };
  // The address stays, and names made of it do.
  const { email: _email, login: _login, fields: _fields, ...moved } = planMove(user, destination, ports);
  return { ...moved, contact, endsCredentials: true };
}
