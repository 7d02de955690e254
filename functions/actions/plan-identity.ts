import type { ContactRequest } from '../jobs/contact-request.ts';
import { isPlainlySpelled, uniqueSpelling } from '../mail/email-address.ts';
import { isMailable } from '../mail/mailable.ts';
import { emailHolder, holders } from '../users/find.ts';
import type { Looks } from '../users/looks.ts';
import { addressDigest, hasNewAddress, pulledWith } from '../users/own-address.ts';
import { isPrivileged } from '../users/roles.ts';
import type { User } from '../users/user.ts';
import type { UserChange } from '../users/user-change.ts';
import { WriteConflict } from '../users/user-table.ts';
import { isMovable, resolveAddressConflict } from './address-conflict.ts';
import type { Asked } from './asked.ts';
import { planLink } from './plan-link.ts';
import { planMove } from './plan-move.ts';
import type { ActionPorts } from './ports.ts';
import type { Profile } from './profile.ts';

/** What a user is found by from now on: its address, with all that moves along, and its contact. */
export interface Identity {
  change: UserChange;
  /** At the address that the user would get. */
  looks?: Looks | undefined;
  /** Another user holds the contact's new address, and may have one to go to. */
  isHeld?: boolean;
  /** The digests of the contacts' addresses, where they are missing or old. */
  pulled?: Readonly<Record<string, string>>;
  warnings: string[];
}

export const noChange = (...warnings: string[]): Identity => ({ change: {}, warnings });

/** The address that was pulled is that of the user, or one that moves nobody: the next pull is compared with it. */
function withPulled(user: User, connection: string, email: string, change: UserChange = {}): Identity {
  if (user.pulled?.[connection] === addressDigest(email)) return { change, warnings: [] };
  return { change, pulled: pulledWith(user, connection, email), warnings: [] };
}

async function emailChange(
  user: User,
  profile: Profile,
  connection: string,
  ports: ActionPorts,
): Promise<Identity> {
  const { email } = profile;
  if (email === undefined) return noChange();
  if (uniqueSpelling(email) === uniqueSpelling(user.email)) {
    // The same but for width or form of its letters (`ﬁ`, `ａ`) is one user, and may be another one's mailbox.
    const isRespelt = email !== user.email && isPlainlySpelled(email);
    return withPulled(user, connection, email, isRespelt ? { email } : {});
  }
  // The user has it from another CRM.
  if (!hasNewAddress(user, connection, email)) return withPulled(user, connection, email);
  // The profile warns of an address that takes no mails.
  if (!isMailable(email)) return noChange();
  if (!isMovable(user, connection, ports)) return noChange('email_in_use');
  const { email: holder, login, looks } = await holders(ports.users, connection, email, email);
  if (holder !== undefined && holder !== user.id) return { ...noChange('email_in_use'), isHeld: true };
  const isNameTaken = login !== undefined && login !== user.id;
  return { change: planMove(user, { email, connection, isNameTaken }, ports), looks, warnings: [] };
}

/** The contact that a user is found by, and its address. Both stay on a user who is administered by hand. */
export async function planIdentity(
  user: User,
  profile: Profile,
  { connection, contactId }: Pick<Asked, 'connection' | 'contactId'>,
  ports: ActionPorts,
): Promise<Identity> {
  const isNewContact = user.contacts[connection] !== contactId;
  if (isPrivileged(ports.config.roles, user.role)) {
    const isNewEmail = uniqueSpelling(profile.email ?? user.email) !== uniqueSpelling(user.email);
    return isNewContact || isNewEmail ? noChange('privileged_user') : noChange();
  }
  const planned = await emailChange(user, profile, connection, ports);
  if (!isNewContact) return planned;
  return { ...planned, change: { ...planLink(user, { connection, contactId }, ports), ...planned.change } };
}

/** @throws WriteConflict when the holder of the contact's address has given way */
export async function askHolder(
  user: User,
  { email = '' }: Profile,
  request: ContactRequest,
  ports: ActionPorts,
): Promise<void> {
  const holder = await emailHolder(ports.users, email);
  if (holder === undefined) throw new WriteConflict();
  const { result } = await resolveAddressConflict({ holderId: holder, email, wanting: user }, request, ports);
  if (result === 'given') throw new WriteConflict();
}
