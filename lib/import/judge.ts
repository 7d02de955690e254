import { isMovable } from '../../functions/actions/address-conflict.ts';
import type { Config, Connection } from '../../functions/config/config.ts';
import type { Contact } from '../../functions/crm/connector.ts';
import type { ListedContact } from '../../functions/crm/contact-list.ts';
import { emailAddress, uniqueSpelling } from '../../functions/mail/email-address.ts';
import { isMailable } from '../../functions/mail/mailable.ts';
import { emailHolder, findById } from '../../functions/users/find.ts';
import { contactKey, emailKey } from '../../functions/users/items.ts';
import { hasNewAddress } from '../../functions/users/own-address.ts';
import { readItems } from '../../functions/users/read-items.ts';
import { isPrivileged } from '../../functions/users/roles.ts';
import type { UserTable } from '../../functions/users/user-table.ts';
import { Marks } from './marks.ts';

/**
 * What an import will do with a contact, as far as list and table tell: create a user, update the one that it is, link it to one with its
 * address, or make it one with another contact that has the address too. Refused: no usable address, or one that somebody else keeps.
 */
export const verdicts = ['created', 'users', 'linked', 'shared', 'withoutAddress', 'held'] as const;
export type Verdict = (typeof verdicts)[number];

/** Who has an address. */
const [byOneOfList, bySomebodyElse] = [1, 2];

export interface JudgePorts {
  users: UserTable;
  config: Config;
  connection: { name: string; settings: Connection };
  /** Undefined when the CRM has no such contact any more. Only asked of the contacts of users who have a listed one's address. */
  load: (contactId: string) => Promise<Contact | undefined>;
  /** The usable address of a contact, by the field map. */
  emailOf: (contact: Contact) => string | undefined;
}

/** Says of each contact of a list what will become of it. What two contacts want of one address, the order of the list decides. */
export function createJudge(ports: JudgePorts) {
  const { users, config, connection, load, emailOf } = ports;
  const { name, settings } = connection;
  /** Addresses that somebody of this list gets, and those that nobody of it does. */
  const taken = new Marks();

  /** A user has the address. As in `add`: whether this contact becomes that user depends on the one that the user has. */
  async function ofHolder(userId: string, email: string): Promise<Verdict> {
    const holder = await findById(users, userId);
    if (!holder) return 'created';
    if (isPrivileged(config.roles, holder.role)) return 'held';
    const own = holder.contacts[name];
    const contact = own === undefined ? undefined : await load(own);
    const linked = settings.linkByEmail ? 'linked' : 'held';
    if (!contact) return linked;
    const moved = emailOf(contact);
    if (moved === undefined) return 'held';
    if (uniqueSpelling(moved) === uniqueSpelling(email)) return settings.linkByEmail ? 'shared' : 'held';
    const mayMove =
      hasNewAddress(holder, name, moved) &&
      isMailable(moved) &&
      isMovable(holder, name, { config, connection: settings });
    return mayMove && (await emailHolder(users, moved)) === undefined ? 'created' : 'held';
  }

  async function ofStranger(email: string, holderId: string | undefined): Promise<Verdict> {
    const key = uniqueSpelling(email);
    const before = taken.get(key);
    if (before > 0) return before === byOneOfList && settings.linkByEmail ? 'shared' : 'held';
    const verdict = holderId === undefined ? 'created' : await ofHolder(holderId, email);
    taken.set(key, verdict === 'held' ? bySomebodyElse : byOneOfList);
    return verdict;
  }

  return async function judge(contacts: readonly ListedContact[]): Promise<Verdict[]> {
    const addresses = contacts.map(({ email }) => emailAddress(email));
    const keys = contacts.flatMap(({ id }, index) => {
      const address = addresses[index];
      return [contactKey(name, id), ...(address === undefined ? [] : [emailKey(address)])];
    });
    // A key that is asked for twice is refused.
    const each = new Map(keys.map((key) => [key.pk, key]));
    const found = await readItems(users, [...each.values()]);
    const holders = new Map(found.map(({ pk, userId }) => [String(pk), String(userId)]));
    const given: Verdict[] = [];
    for (const [index, { id }] of contacts.entries()) {
      const address = addresses[index];
      if (holders.has(contactKey(name, id).pk)) given.push('users');
      else if (address === undefined) given.push('withoutAddress');
      else given.push(await ofStranger(address, holders.get(emailKey(address).pk)));
    }
    return given;
  };
}
