import { isDeepStrictEqual } from 'node:util';
import { isPlainlySpelled, uniqueSpelling } from '../users/email-address.ts';
import { emailHolder, findById } from '../users/find.ts';
import { decideRole } from '../users/roles.ts';
import { type UserChange, updateUser } from '../users/update.ts';
import type { User } from '../users/user.ts';
import { WriteConflict } from '../users/user-table.ts';
import { giveWay } from './give-way.ts';
import type { ActionPorts } from './ports.ts';
import type { Profile } from './profile.ts';
import type { ContactRequest, Outcome } from './request.ts';
import { withRoom } from './with-room.ts';

/** Which parts of a contact an action writes. */
export type Scope = 'everything' | 'tags';

/** What took so long, in milliseconds, and found nothing to write, looks whether that still holds. */
const slowMs = 250;

/** A change to a user that a contact asks for, and what could not be done of it. */
export interface Planned {
  change: UserChange;
  warnings: string[];
}

async function emailChange(user: User, profile: Profile, ports: ActionPorts): Promise<Planned> {
  const { email } = profile;
  if (email === undefined || email === user.email) return { change: {}, warnings: [] };
  if (uniqueSpelling(email) === uniqueSpelling(user.email)) {
    // The same but for width or form of its letters (`ﬁ`, `ａ`) is one user, and may be another one's mailbox.
    return { change: isPlainlySpelled(email) ? { email } : {}, warnings: [] };
  }
  const holder = await emailHolder(ports.users, email);
  const isTaken = holder !== undefined && holder !== user.id;
  return isTaken ? { change: {}, warnings: ['email_in_use'] } : { change: { email }, warnings: [] };
}

function roleChange(user: User, given: string | undefined, ports: ActionPorts): Planned {
  const { role, warning } = decideRole(ports.config.roles, user.role, given);
  return { change: role === user.role ? {} : { role }, warnings: warning ? [warning] : [] };
}

function fieldsChange(user: User, profile: Profile): UserChange {
  // A map, because a field may be called like something that every object has.
  const stored = new Map(Object.entries(user.fields));
  const changed = Object.entries(profile.fields).filter(
    ([key, value]) => !isDeepStrictEqual(stored.get(key), value),
  );
  return changed.length === 0 ? {} : { fields: Object.fromEntries(changed) };
}

function tagsChange(user: User, profile: Profile): UserChange {
  const [before, after] = [new Set(user.tags), new Set(profile.tags)];
  const added = profile.tags.filter((tag) => !before.has(tag));
  const removed = user.tags.filter((tag) => !after.has(tag));
  return added.length + removed.length === 0 ? {} : { tags: { added, removed } };
}

/** What would have to change on a user to agree with its contact. Writes nothing; reads only for a new address. */
export async function planChange(
  user: User,
  profile: Profile,
  request: Pick<ContactRequest, 'role' | 'connection'>,
  contactId: string,
  scope: Scope,
  ports: ActionPorts,
): Promise<Planned> {
  const link: UserChange =
    user.contacts[request.connection] === contactId
      ? {}
      : { contact: { connection: request.connection, contactId } };
  const tags = tagsChange(user, profile);
  if (scope === 'tags') return { change: { ...link, ...tags }, warnings: [] };
  const email = await emailChange(user, profile, ports);
  const role = roleChange(user, profile.role ?? request.role, ports);
  return withRoom(user, {
    change: { ...link, ...email.change, ...role.change, ...fieldsChange(user, profile), ...tags },
    warnings: [...profile.warnings, ...email.warnings, ...role.warnings],
  });
}

/** @throws WriteConflict when the holder of the contact's address has given way */
async function askHolder(user: User, { email = '' }: Profile, connection: string, ports: ActionPorts) {
  const holder = await emailHolder(ports.users, email);
  if (holder === undefined) throw new WriteConflict();
  const { result } = await giveWay(holder, email, user, connection, ports);
  if (result === 'given') throw new WriteConflict();
}

/**
 * Nothing to write holds for the user as it was read. Somebody with an older pull may have written since.
 *
 * @throws WriteConflict when somebody has
 */
async function expectNoChange(user: User, ports: ActionPorts): Promise<void> {
  const now = await findById(ports.users, user.id);
  if (now?.version !== user.version) throw new WriteConflict();
}

/**
 * Makes a user, as it was read before its contact was pulled, agree with the contact.
 *
 * @throws WriteConflict when the user has changed since it was read
 */
export async function applyProfile(
  user: User,
  profile: Profile,
  request: ContactRequest,
  contactId: string,
  scope: Scope,
  ports: ActionPorts,
): Promise<Outcome> {
  const { change, warnings } = await planChange(user, profile, request, contactId, scope, ports);
  if (warnings.includes('email_in_use')) await askHolder(user, profile, request.connection, ports);
  const isUnchanged = Object.keys(change).length === 0;
  // A write of the try before that comes late must find another version, even if there is nothing to write.
  if (!isUnchanged || request.wasTried) await updateUser(ports.users, user, change);
  else if (ports.elapsedMs() > slowMs) await expectNoChange(user, ports);
  return { result: isUnchanged ? 'unchanged' : 'updated', userId: user.id, contactId, warnings };
}
