import { createHash } from 'node:crypto';
import { uniqueSpelling } from '../mail/email-address.ts';
import type { User } from './user.ts';

/** Enough to tell a contact's addresses apart. */
const digestLength = 16;

/** What is kept of the address that a contact had when it was pulled. */
export const addressDigest = (email: string): string =>
  createHash('sha256').update(uniqueSpelling(email)).digest('base64url').slice(0, digestLength);

/**
 * Whether a contact has got another address since it was last pulled. Only then it moves its user: of two CRMs with two
 * addresses each would move the user back. What was never kept counts as the address that the user has.
 */
export function hasNewAddress(user: User, connection: string, email: string): boolean {
  return addressDigest(email) !== (user.pulled?.[connection] ?? addressDigest(user.email));
}

/** The digests of a user whose address is about to change. What was never kept is that of the address so far. */
export function pulledSoFar(user: User): Record<string, string> {
  const before = Object.keys(user.contacts).map((name) => [name, addressDigest(user.email)]);
  return { ...Object.fromEntries(before), ...user.pulled };
}

/** The digests of a user whose contact was pulled with this address. */
export const pulledWith = (user: User, connection: string, email: string): Record<string, string> => ({
  ...pulledSoFar(user),
  [connection]: addressDigest(email),
});
