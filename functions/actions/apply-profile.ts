import { isDeepStrictEqual } from 'node:util';
import { isPlainlySpelled, uniqueSpelling } from '../users/email-address.ts';
import { emailHolder, holders } from '../users/find.ts';
import { expectToFit } from '../users/item-size.ts';
import { type Looks, leaveLook } from '../users/looks.ts';
import { mailWarning } from '../users/mail-state.ts';
import { decideRoles, type GivenRole } from '../users/roles.ts';
import { changedUser, type UserChange, updateUser } from '../users/update.ts';
import type { User } from '../users/user.ts';
import { WriteConflict } from '../users/user-table.ts';
import { type Asked, keep } from './asked.ts';
import { sendEffectsJob } from './effects-job.ts';
import { giveWay } from './give-way.ts';
import type { ActionPorts } from './ports.ts';
import type { Profile } from './profile.ts';
import type { Outcome } from './request.ts';
import { withRoom } from './with-room.ts';

/** Which parts of a contact an action writes. */
export type Scope = 'everything' | 'tags';

/** A change to a user that a contact asks for, and what could not be done of it. */
export interface Planned {
  change: UserChange;
  /** Since when the role is wanted, if that is later than what the user says. */
  roleAt?: string | undefined;
  /** At the address that the user would get. */
  looks?: Looks | undefined;
  warnings: string[];
}

async function emailChange(
  user: User,
  profile: Profile,
  connection: string,
  ports: ActionPorts,
): Promise<Planned> {
  const { email } = profile;
  if (email === undefined || email === user.email) return { change: {}, warnings: [] };
  if (uniqueSpelling(email) === uniqueSpelling(user.email)) {
    // The same but for width or form of its letters (`ﬁ`, `ａ`) is one user, and may be another one's mailbox.
    return { change: isPlainlySpelled(email) ? { email } : {}, warnings: [] };
  }
  const { email: holder, looks } = await holders(ports.users, connection, email, email);
  const isTaken = holder !== undefined && holder !== user.id;
  return isTaken ? { change: {}, warnings: ['email_in_use'] } : { change: { email }, looks, warnings: [] };
}

function roleChange(user: User, given: readonly GivenRole[], ports: ActionPorts): Planned {
  const { role, roleAt, warning } = decideRoles(ports.config.roles, user, given);
  return {
    change: role === user.role ? {} : { role },
    roleAt: roleAt === user.roleAt ? undefined : roleAt,
    warnings: warning ? [warning] : [],
  };
}

/** Whoever asks for a user is told that no mail reaches it, unless it moves. */
function mailboxWarnings(user: User, { email = user.email }: UserChange): string[] {
  const warning = mailWarning(user);
  return warning === undefined || uniqueSpelling(email) !== uniqueSpelling(user.email) ? [] : [warning];
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
  request: Pick<Asked, 'roles' | 'connection'>,
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
  const email = await emailChange(user, profile, request.connection, ports);
  const role = roleChange(user, request.roles, ports);
  return withRoom(user, {
    change: { ...link, ...email.change, ...role.change, ...fieldsChange(user, profile), ...tags },
    roleAt: role.roleAt,
    looks: email.looks,
    warnings: [
      ...profile.warnings,
      ...email.warnings,
      ...role.warnings,
      ...mailboxWarnings(user, email.change),
    ],
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
 * Makes a user findable by what it was not found by before, and nothing else. Somebody who has not found it may know of a
 * change that the pull has not seen.
 *
 * @throws WriteConflict always: the next try pulls again
 */
async function makeFindable(
  user: User,
  change: UserChange,
  request: Asked,
  ports: ActionPorts,
): Promise<never> {
  const { email, contact } = change;
  // Not to leave a part behind of what will be refused.
  expectToFit(changedUser(user, change, user.updated));
  await updateUser(ports.users, user, {
    ...(email === undefined ? {} : { email }),
    ...(contact === undefined ? {} : { contact }),
  });
  request.progress.hasWritten = true;
  if (contact) request.progress.linkedTo = contact.contactId;
  throw new WriteConflict();
}

/** Whether a webhook asked for a welcome mail before there was the user, whom another one created without. */
function isOwedWelcome(user: User, { action, sendNotification, receivedAt }: Asked): boolean {
  if (action !== 'add' || !sendNotification || receivedAt >= user.created) return false;
  return user.welcomeAsked === undefined && user.effects.welcome_mail === undefined;
}

async function owe(user: User, request: Asked, contactId: string, ports: ActionPorts): Promise<UserChange> {
  await sendEffectsJob(request, { userId: user.id, contactId, awaits: 'welcome_mail' }, ports);
  return { welcomeAsked: ports.now().toISOString() };
}

/**
 * Makes a user, as it was read before its contact was pulled, agree with the contact.
 *
 * @throws WriteConflict when the user has changed since it was read
 */
export async function applyProfile(
  user: User,
  profile: Profile,
  request: Asked,
  contactId: string,
  scope: Scope,
  ports: ActionPorts,
): Promise<Outcome> {
  const planned = await planChange(user, profile, request, contactId, scope, ports);
  const { change, roleAt, looks, warnings } = planned;
  if (looks) keep(request.progress, looks);
  if (warnings.includes('email_in_use')) await askHolder(user, profile, request.connection, ports);
  if (change.contact || looks?.count !== undefined) return makeFindable(user, change, request, ports);
  const welcome = isOwedWelcome(user, request) ? await owe(user, request, contactId, ports) : {};
  const data = { ...change, ...welcome };
  const isUnchanged = Object.keys(data).length === 0;
  if (isUnchanged) await leaveLook(ports.users, user, roleAt);
  else await updateUser(ports.users, user, { ...data, ...(roleAt === undefined ? {} : { roleAt }) }, looks);
  const result = isUnchanged && !request.progress.hasWritten ? 'unchanged' : 'updated';
  return { result, userId: user.id, contactId, warnings };
}
