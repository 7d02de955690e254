import { isDeepStrictEqual } from 'node:util';
import type { Contact } from '../crm/connector.ts';
import { ContactNotFound } from '../crm/crm-errors.ts';
import { loadIfThere } from '../crm/load-if-there.ts';
import { UsherError } from '../errors.ts';
import type { ContactRequest, Outcome } from '../jobs/contact-request.ts';
import { uniqueSpelling } from '../mail/email-address.ts';
import { createUser, LoginTaken } from '../users/create.ts';
import { emailHolder, findWithLooks, holders } from '../users/find.ts';
import type { Looks } from '../users/looks.ts';
import { pulledWith } from '../users/own-address.ts';
import { retryOnConflict } from '../users/retry-on-conflict.ts';
import { updateUser } from '../users/update.ts';
import { WriteConflict } from '../users/user-table.ts';
import { resolveAddressConflict } from './address-conflict.ts';
import { applyProfile } from './apply-profile.ts';
import { type Asked, asked, byImport, keep, noProgress } from './asked.ts';
import { sendEffectsJob } from './effects-job.ts';
import { sendMovedJob } from './moved-job.ts';
import { composeUser } from './new-user.ts';
import { planLink } from './plan-link.ts';
import type { ActionPorts } from './ports.ts';
import { emailOf, type Profile, profileOf } from './profile.ts';
import { writtenFor } from './written.ts';

/** The contact has no address that a user could be made with. */
export class EmailMissing extends UsherError {
  override name = 'EmailMissing';
  constructor(badCharacter?: string) {
    const why = badCharacter && ` The one it has holds ${badCharacter}, which no address may have.`;
    super('email_missing', `The contact has no usable e-mail address in the CRM.${why ?? ''}`);
  }
}

/** No webhook of a contact that is not its own changes a user who is administered by hand. */
export class PrivilegedUser extends UsherError {
  override name = 'PrivilegedUser';
  constructor() {
    super('privileged_user', 'The address belongs to a user whose role no webhook changes.');
  }
}

/** The address belongs to a user that this contact cannot have. */
export class EmailInUse extends UsherError {
  override name = 'EmailInUse';
  constructor(userId: string) {
    super('email_in_use', `The address belongs to the user ${userId}, which this contact does not get.`);
  }
}

/** The address is still with a user whose contact has a new one, which is not free either. */
class AddressHeldUp extends UsherError {
  override name = 'AddressHeldUp';
  constructor() {
    super('too_many_conflicts', 'The address is with a user who waits for another one.', { retryable: true });
  }
}

/**
 * Makes a contact a user: updates the user it has, by contact id or e-mail, else creates one. However many of these
 * run at once, there is one user in the end: the table's conditions see to it.
 *
 * A user is created on condition that no webhook has found it missing since before the pull: that one knew of a change which
 * the pull may not have seen.
 */
export function add(request: ContactRequest & { contactId: string }, ports: ActionPorts): Promise<Outcome> {
  const { connection, contactId } = request;
  /** At the address, which is known after the pull only; what the try before has seen was there before this one's. */
  let seen: Looks | undefined;
  const progress = noProgress();
  return retryOnConflict(async () => {
    const { user, looks } = await findWithLooks(ports.users, connection, contactId);
    const pulledAt = ports.now().toISOString();
    const contact = await load(contactId, user === undefined, ports);
    const profile = profileOf(contact, ports.connection.fields);
    keep(progress, looks);
    const wanted = () => asked(request, profile, pulledAt, progress);
    if (user) return applyProfile(user, profile, { ...wanted(), scope: 'everything' }, ports);
    const { email } = profile;
    if (email === undefined) throw new EmailMissing(profile.badCharacter);

    const taken = await holders(ports.users, connection, email, profile.login ?? email);
    const seenBefore = seen;
    seen = taken.looks;
    keep(progress, seen);
    if (taken.email !== undefined) return linkAndStartOver(taken.email, email, request, ports);
    if (seen.count !== undefined && !isDeepStrictEqual(seen, seenBefore)) throw new WriteConflict();
    const isLoginTaken = taken.login !== undefined;
    return create(
      { ...profile, email },
      isLoginTaken,
      { request: wanted(), contactId, looks: [looks, seen] },
      ports,
    );
  }, ports);
}

async function load(contactId: string, isNew: boolean, { crm }: ActionPorts): Promise<Contact> {
  const contact = await loadIfThere(crm, contactId);
  if (!contact) throw new ContactNotFound('id', { isNew });
  return contact;
}

/**
 * The address belongs to a user without this contact. That user was not read before the pull, so the pull may be older
 * than what the user holds: link the two and begin again. Unless the user's own contact is somebody else by now.
 */
async function linkAndStartOver(
  userId: string,
  email: string,
  request: ContactRequest & { contactId: string },
  ports: ActionPorts,
): Promise<never> {
  const { connection, contactId } = request;
  const way = await resolveAddressConflict({ holderId: userId, email }, request, ports);
  if (way.result === 'given') throw new WriteConflict();
  // The user is another person: linked, it would be this one's, with its password and role.
  if (way.result === 'stuck') throw new AddressHeldUp();
  if (way.result === 'privileged') throw new PrivilegedUser();
  if (!('holder' in way) || !ports.connection.linkByEmail) throw new EmailInUse(userId);
  // Two contacts with one address: our own look at ours may be out of date.
  if (way.result === 'kept') await expectAddress(contactId, email, ports);
  // As it was read before its contact was looked at: what has changed since may change the answer.
  const change = planLink(way.holder, { connection, contactId }, ports);
  await sendMovedJob(way.holder, change, request, ports);
  const pulled = pulledWith(way.holder, connection, email);
  await updateUser(ports.users, way.holder, { ...change, pulled, ...byImport(request) });
  throw new WriteConflict();
}

/** @throws WriteConflict when the contact has another address by now, ContactNotFound when it is gone */
async function expectAddress(contactId: string, email: string, ports: ActionPorts): Promise<void> {
  const now = emailOf(await ports.crm.load(contactId), ports.connection.fields) ?? '';
  if (uniqueSpelling(now) !== uniqueSpelling(email)) throw new WriteConflict();
}

/** What a user is made of besides its contact. */
interface Occasion {
  request: Asked;
  contactId: string;
  looks: readonly Looks[];
}

async function create(
  profile: Profile & { email: string },
  isLoginTaken: boolean,
  { request, contactId, looks }: Occasion,
  ports: ActionPorts,
): Promise<Outcome> {
  if (isLoginTaken && profile.login !== undefined) {
    // Two items of one read are not of one moment: it may be this contact's user, made in between.
    throw (await emailHolder(ports.users, profile.email)) === undefined
      ? new LoginTaken()
      : new WriteConflict();
  }
  // Somebody else's username is this person's address: theirs gets a tail, and stays theirs.
  const fallback = `${profile.email}-${ports.random.bytes(4).toString('hex')}`;
  const login = profile.login ?? (isLoginTaken ? fallback : profile.email);
  const { user, warnings } = await composeUser({ ...profile, login }, request, ports);
  if (Object.keys(user.effects).length > 0)
    await sendEffectsJob(request, { userId: user.id, contactId }, ports);
  try {
    await createUser(ports.users, user, looks);
  } catch (error) {
    // Nobody asked for this username, so another one will do.
    throw error instanceof LoginTaken && profile.login === undefined ? new WriteConflict(error) : error;
  }
  const loginWarning = isLoginTaken ? ['login_in_use'] : [];
  return {
    result: 'created',
    userId: user.id,
    contactId,
    warnings: [...warnings, ...loginWarning],
    written: writtenFor(user),
  };
}
