import { isPlainlySpelled, uniqueSpelling } from '../mail/email-address.ts';
import type { User } from '../users/user.ts';
import type { UserChange } from '../users/user-change.ts';
import { type Destination, type MovePorts, planMove } from './plan-move.ts';

/** Whether an address is the user's mailbox, however it is spelled. */
function isSameMailbox(user: User, email: string): boolean {
  return uniqueSpelling(email) === uniqueSpelling(user.email) && isPlainlySpelled(user.email);
}

/**
 * The change with which an operator gives a user another address. Another mailbox is a move like that of a contact: passwords
 * and keys end, also where the one before was only a look-alike. The contacts keep the addresses that they had: none of them
 * moves the user back.
 */
export function otherMailbox(
  user: User,
  destination: Omit<Destination, 'connection'>,
  ports: MovePorts,
): UserChange {
  const { email } = destination;
  if (isSameMailbox(user, email)) return { email };
  return { ...planMove(user, destination, ports), endsCredentials: true };
}
