import { isDeepStrictEqual } from 'node:util';
import type { Outcome } from '../jobs/contact-request.ts';
import { uniqueSpelling } from '../mail/email-address.ts';
import { askedWelcome } from '../users/asked-welcome.ts';
import { expectToFit } from '../users/item-size.ts';
import { leaveLook } from '../users/looks.ts';
import { mailWarning } from '../users/mail-state.ts';
import { decideRoles, type GivenRole } from '../users/roles.ts';
import { updateUser } from '../users/update.ts';
import type { User } from '../users/user.ts';
import { changedUser, type UserChange } from '../users/user-change.ts';
import { WriteConflict } from '../users/user-table.ts';
import { type Asked, byImport, keep } from './asked.ts';
import { sendEffectsJob } from './effects-job.ts';
import { sendMovedJob } from './moved-job.ts';
import { askHolder, type Identity, noChange, planIdentity } from './plan-identity.ts';
import type { ActionPorts } from './ports.ts';
import type { Profile } from './profile.ts';
import { withRoom } from './with-room.ts';
import { bothWritten, writtenBy } from './written.ts';

/** Which parts of a contact an action writes. `data`: all but the link and the address, as the user has a contact of its own. */
export type Scope = 'everything' | 'data' | 'tags';

/** A change to a user that a contact asks for, and what could not be done of it. */
export interface Planned extends Omit<Identity, 'change'> {
  change: UserChange;
  /** The part of it that the user is found by. */
  identity: UserChange;
  /** Since when the role is wanted, if that is later than what the user says. */
  roleAt?: string | undefined;
}

function roleChange(user: User, given: readonly GivenRole[], ports: ActionPorts): Omit<Planned, 'identity'> {
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

function fieldsChange(user: User, profile: Profile, moved: UserChange['fields'] = {}): UserChange {
  // A map, because a field may be called like something that every object has.
  const stored = new Map(Object.entries(user.fields));
  const changed = Object.entries({ ...moved, ...profile.fields }).filter(
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
  request: Pick<Asked, 'roles' | 'connection' | 'contactId'> & { scope: Scope },
  ports: ActionPorts,
): Promise<Planned> {
  const { scope } = request;
  const tags = tagsChange(user, profile);
  if (scope === 'tags') return { change: tags, identity: {}, warnings: [] };
  const identity = scope === 'data' ? noChange() : await planIdentity(user, profile, request, ports);
  const role = roleChange(user, request.roles, ports);
  return withRoom(user, {
    ...identity,
    identity: identity.change,
    change: {
      ...identity.change,
      ...role.change,
      ...fieldsChange(user, profile, identity.change.fields),
      ...tags,
    },
    roleAt: role.roleAt,
    warnings: [
      ...profile.warnings,
      ...identity.warnings,
      ...role.warnings,
      ...mailboxWarnings(user, identity.change),
    ],
  });
}

/**
 * Makes a user findable by what it was not found by before, and nothing else. Somebody who has not found it may know of a
 * change that the pull has not seen.
 *
 * @throws WriteConflict always: the next try pulls again
 */
async function makeFindable(
  user: User,
  { change, identity, pulled }: Planned,
  request: Asked,
  ports: ActionPorts,
): Promise<never> {
  const { contact } = identity;
  // Not to leave a part behind of what will be refused.
  expectToFit(changedUser(user, change, user.updated));
  await updateUser(ports.users, user, {
    ...(pulled ? { pulled } : {}),
    ...identity,
    ...byImport(request),
  });
  request.progress.hasWritten = true;
  request.progress.written = bothWritten(request.progress.written, writtenBy(identity));
  if (contact) request.progress.linkedTo = contact.contactId;
  throw new WriteConflict();
}

/** Whether a webhook asked for a welcome mail before there was the user, whom another one created without. */
function isOwedWelcome(user: User, { sendNotification, receivedAt }: Asked): boolean {
  if (!sendNotification || receivedAt >= user.created) return false;
  return user.welcomeAsked === undefined && user.effects.welcome_mail === undefined;
}

async function owe(user: User, request: Asked, ports: ActionPorts): Promise<UserChange> {
  const { contactId } = request;
  await sendEffectsJob(request, { userId: user.id, contactId, awaits: 'welcome_mail' }, ports);
  const since = ports.now().toISOString();
  return askedWelcome(since);
}

/** Of a welcome mail that a move sends too, the move knows when. */
function bothEffects({ effects: owed }: UserChange, { effects: moved }: UserChange): UserChange {
  if (!owed || !moved) return {};
  return { effects: { ...moved, ...(moved.welcome_mail ? {} : owed) } };
}

/**
 * Makes a user, as it was read before its contact was pulled, agree with the contact.
 *
 * @throws WriteConflict when the user has changed since it was read
 */
export async function applyProfile(
  user: User,
  profile: Profile,
  request: Asked & { scope: Scope },
  ports: ActionPorts,
): Promise<Outcome> {
  const { contactId } = request;
  const planned = await planChange(user, profile, request, ports);
  const { change, roleAt, looks, pulled, warnings } = planned;
  if (looks) keep(request.progress, looks);
  if (planned.isHeld) await askHolder(user, profile, request, ports);
  await sendMovedJob(user, change, request, ports);
  if (change.contact || looks?.count !== undefined) return makeFindable(user, planned, request, ports);
  const welcome = isOwedWelcome(user, request) ? await owe(user, request, ports) : {};
  const data = { ...change, ...welcome, ...bothEffects(welcome, change) };
  const isUnchanged = Object.keys(data).length === 0;
  if (isUnchanged) await leaveLook(ports.users, user, roleAt, pulled);
  else {
    const marks = { ...(roleAt === undefined ? {} : { roleAt }), ...(pulled ? { pulled } : {}) };
    await updateUser(ports.users, user, { ...marks, ...data, ...byImport(request) }, looks);
  }
  const result = isUnchanged && !request.progress.hasWritten ? 'unchanged' : 'updated';
  const written = bothWritten(request.progress.written, writtenBy(data));
  return { result, userId: user.id, contactId, warnings, written };
}
