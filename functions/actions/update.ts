import type { Contact } from '../crm/connector.ts';
import { ContactNotFound } from '../crm/crm-errors.ts';
import { loadIfThere } from '../crm/load-if-there.ts';
import { UsherError } from '../errors.ts';
import type { ContactRequest, Outcome } from '../jobs/contact-request.ts';
import { uniqueSpelling } from '../mail/email-address.ts';
import { linkedUserId, looksAt } from '../users/find.ts';
import { contactLooksKey } from '../users/items.ts';
import { retryOnConflict } from '../users/retry-on-conflict.ts';
import { isPrivileged } from '../users/roles.ts';
import type { User } from '../users/user.ts';
import { applyProfile, type Scope } from './apply-profile.ts';
import { asked, keep, noProgress } from './asked.ts';
import { lookFor } from './look-for.ts';
import type { ActionPorts } from './ports.ts';
import { profileOf } from './profile.ts';

/** Expected for contacts that have no account here. */
export class UserNotFound extends UsherError {
  override name = 'UserNotFound';
  constructor() {
    super('user_not_found', 'No user belongs to this contact. Use wpf_action=add to create one.');
  }
}

/**
 * Not every user can be reached by an address.
 *
 * @throws UserNotFound
 */
function expectReachable({ role }: User, { config, connection }: ActionPorts): void {
  if (!connection.linkByEmail || isPrivileged(config.roles, role)) throw new UserNotFound();
}

/** What a contact may write that has the user's address and is not its contact: a link only where there is none that lives. */
async function foreignScope(user: User, connection: string, ports: ActionPorts): Promise<Scope> {
  const own = user.contacts[connection];
  if (own === undefined) return 'everything';
  return (await loadIfThere(ports.crm, own)) ? 'data' : 'everything';
}

/** The contact to pull: the webhook's, else the one the user is linked to, else the CRM's with that address. */
async function pull(request: ContactRequest, user: User, ports: ActionPorts): Promise<Contact> {
  if (request.contactId !== undefined) return ports.crm.load(request.contactId);
  const contactId = user.contacts[request.connection];
  // The one it was linked to may have been merged into another one.
  const linked = contactId === undefined ? undefined : await loadIfThere(ports.crm, contactId);
  if (linked) return linked;
  expectReachable(user, ports);
  const named = await ports.crm.loadByEmail(user.email);
  if (!named) throw new ContactNotFound('address');
  const owner = await linkedUserId(ports.users, request.connection, named.id);
  // Merged into the contact of another user: that one's it stays.
  if (owner !== undefined && owner !== user.id) throw new UserNotFound();
  return named;
}

function refresh(given: ContactRequest, scope: Scope, ports: ActionPorts): Promise<Outcome> {
  const progress = noProgress();
  return retryOnConflict(async () => {
    const request = { ...given, contactId: progress.linkedTo ?? given.contactId };
    const found = await lookFor(request, ports);
    if (!found) throw new UserNotFound();
    const { user, isLinked } = found;
    const pulledAt = ports.now().toISOString();
    const contact = await pull(request, user, ports);
    const profile = profileOf(contact, ports.connection.fields);
    const isOwn = isLinked || user.contacts[request.connection] === contact.id;
    if (!isOwn) {
      expectReachable(user, ports);
      // Anybody can be named by an e-mail parameter: a contact with another address is somebody else.
      if (uniqueSpelling(profile.email ?? '') !== uniqueSpelling(user.email)) throw new UserNotFound();
    }
    // The user was made findable by this contact: somebody may have asked for a role before.
    if (progress.hasWritten)
      keep(progress, await looksAt(ports.users, contactLooksKey(request.connection, contact.id)));
    const wanted = asked({ ...request, contactId: contact.id }, profile, pulledAt, progress);
    const written = isOwn || scope === 'tags' ? scope : await foreignScope(user, request.connection, ports);
    return applyProfile(user, profile, { ...wanted, scope: written }, ports);
  }, ports);
}

/** Writes a contact's mapped fields and tags, and a given role, to the user it has. */
export function update(request: ContactRequest, ports: ActionPorts): Promise<Outcome> {
  return refresh(request, 'everything', ports);
}

/** Writes a contact's tags to the user it has, and nothing else. */
export function updateTags(request: ContactRequest, ports: ActionPorts): Promise<Outcome> {
  return refresh(request, 'tags', ports);
}
