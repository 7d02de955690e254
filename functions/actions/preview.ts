import type { ContactRequest } from '../jobs/contact-request.ts';
import { isForeignAddress, LoginTaken } from '../users/create.ts';
import { emailHolder, findById, findWithLooks, holders } from '../users/find.ts';
import { expectToFit } from '../users/item-size.ts';
import { isPrivileged } from '../users/roles.ts';
import { changedUser } from '../users/user-change.ts';
import { EmailInUse, EmailMissing, PrivilegedUser } from './add.ts';
import { planChange } from './apply-profile.ts';
import { type Asked, asked, keep, noProgress } from './asked.ts';
import { composeUser, effectsOf } from './new-user.ts';
import { effectsIn } from './plan-move.ts';
import type { ActionPorts } from './ports.ts';
import { type Profile, profileOf } from './profile.ts';

/** What `add` would do with a contact. Names only: an answer holds no personal data. */
export interface Preview {
  wouldBe: 'created' | 'updated' | 'unchanged';
  userId?: string;
  contactId: string;
  role: string;
  /** Local keys that would be written. */
  fields: string[];
  tagsAdded: number;
  tagsRemoved: number;
  effects: string[];
  warnings: string[];
}

/**
 * Checks the CRM credentials. Changes nothing. With a contact it also says what `add` would write, as far as the contact
 * alone tells: others, whose addresses it has or wants, are not pulled.
 */
export async function preview(request: ContactRequest, ports: ActionPorts): Promise<Preview | undefined> {
  const { connection, contactId } = request;
  if (contactId === undefined) {
    await ports.crm.testCredentials();
    return undefined;
  }
  const { user: linked, looks } = await findWithLooks(ports.users, connection, contactId);
  const pulledAt = ports.now().toISOString();
  const contact = await ports.crm.load(contactId);
  const profile = profileOf(contact, ports.connection.fields);
  const progress = noProgress();
  keep(progress, looks);
  const wanted = () => asked({ ...request, contactId }, profile, pulledAt, progress);
  if (linked) return previewUpdate(linked.id, profile, wanted(), ports);
  const { email } = profile;
  if (email === undefined) throw new EmailMissing(profile.badCharacter);
  const taken = await holders(ports.users, connection, email, profile.login ?? email);
  keep(progress, taken.looks);
  if (taken.email !== undefined) {
    const holder = await findById(ports.users, taken.email);
    if (holder && isPrivileged(ports.config.roles, holder.role)) throw new PrivilegedUser();
    if (!ports.connection.linkByEmail) throw new EmailInUse(taken.email);
    return previewUpdate(taken.email, profile, wanted(), ports);
  }
  const login = profile.login ?? email;
  if (
    profile.login !== undefined &&
    (taken.login !== undefined || (await isHeldAddress(login, email, ports)))
  )
    throw new LoginTaken();
  // The password is not hashed for a preview.
  const { user, warnings } = await composeUser(
    { ...profile, password: undefined, email, login },
    wanted(),
    ports,
  );
  return {
    wouldBe: 'created',
    contactId,
    role: user.role,
    fields: Object.keys(user.fields),
    tagsAdded: user.tags.length,
    tagsRemoved: 0,
    effects: effectsOf(profile, request, ports),
    warnings: [...warnings, ...(taken.login === undefined ? [] : ['login_in_use'])],
  };
}

async function isHeldAddress(login: string, email: string, { users }: ActionPorts): Promise<boolean> {
  return isForeignAddress(login, email) && (await emailHolder(users, login)) !== undefined;
}

async function previewUpdate(
  userId: string,
  profile: Profile,
  request: Asked,
  ports: ActionPorts,
): Promise<Preview | undefined> {
  const { contactId } = request;
  const user = await findById(ports.users, userId);
  if (!user) return undefined;
  const { change, warnings } = await planChange(user, profile, { ...request, scope: 'everything' }, ports);
  if (Object.keys(change).length > 0) expectToFit(changedUser(user, change, user.updated));
  return {
    wouldBe: Object.keys(change).length === 0 ? 'unchanged' : 'updated',
    userId,
    contactId,
    role: change.role ?? user.role,
    fields: Object.keys(change.fields ?? {}),
    tagsAdded: change.tags?.added.length ?? 0,
    tagsRemoved: change.tags?.removed.length ?? 0,
    effects: effectsIn(change),
    warnings,
  };
}
