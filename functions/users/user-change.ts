import type { FieldValue } from '../crm/field-value.ts';
import { uniqueSpelling } from '../mail/email-address.ts';
import type { EffectName, PendingEffect, User } from './user.ts';

/** What is to change on a user. Parts that stay are left out. */
export interface UserChange {
  email?: string;
  role?: string;
  /** Since when the role is wanted. */
  roleAt?: string;
  /** Undefined removes a field. */
  fields?: Readonly<Record<string, FieldValue | undefined>>;
  tags?: { added: readonly string[]; removed: readonly string[] };
  /** The contact that the user belongs to from now on. */
  contact?: { connection: string; contactId: string };
  /** Since when a welcome mail is asked for; the mail itself stands among the effects. */
  welcomeAsked?: string;
  login?: string;
  /** Undefined calls one off. */
  effects?: Readonly<Partial<Record<EffectName, PendingEffect | undefined>>>;
  moved?: NonNullable<User['moved']>;
  /** All of it. */
  pulled?: NonNullable<User['pulled']>;
  /** Whether the mailbox is tried again, whatever it has said before. */
  triesMailAgain?: boolean;
  /** The connection whose contact the user no longer belongs to. */
  unlinked?: string;
  /** The import that asks for the change. */
  byImport?: string;
  /** Whether it is the beginning of a deletion. */
  deletes?: true;
  /** Whether password and one-time key end: the mailbox that they came from is not the user's. */
  endsCredentials?: boolean;
}

/** Whether it is the import that made the user who writes, and nobody else has written in between. */
const isOfItsImport = ({ importedBy, importedVersion, version }: User, { byImport }: UserChange): boolean =>
  byImport !== undefined && byImport === importedBy && importedVersion === version;

/** Whether the user's mailbox is another one by now: passwords, keys and what is known of the one before end. */
export const isOtherMailbox = (user: User, change: UserChange) =>
  isMove(user, change) || change.endsCredentials === true;

/** Whether what SES has heard from the mailbox ends: it is another one, or is tried again. */
export const forgetsMailState = (user: User, change: UserChange) =>
  isOtherMailbox(user, change) || change.triesMailAgain === true;

/** The contacts of a user that gets one, loses that of a connection, or both. */
function contactsAfter(
  contacts: Readonly<Record<string, string>>,
  linked: { connection: string; contactId: string } | undefined,
  unlinked: string | undefined,
): Record<string, string> {
  const kept = Object.entries(contacts).filter(([connection]) => connection !== unlinked);
  return { ...Object.fromEntries(kept), ...(linked ? { [linked.connection]: linked.contactId } : {}) };
}

/** The user as a change will leave it. */
export function changedUser(user: User, change: UserChange, now: string): User {
  const fields = Object.entries({ ...user.fields, ...change.fields }).filter(
    ([, value]) => value !== undefined,
  );
  const removed = new Set(change.tags?.removed);
  const kept = user.tags.filter((tag) => !removed.has(tag));
  const { contact, roleAt, welcomeAsked, unlinked, moved, pulled } = change;
  const { passwordHash, mail, ...rest } = user;
  const effects = Object.entries({ ...user.effects, ...change.effects }).filter(
    ([, one]) => one !== undefined,
  );
  return {
    ...rest,
    ...(passwordHash === undefined || isOtherMailbox(user, change) ? {} : { passwordHash }),
    ...(isOtherMailbox(user, change) ? { passwordSetAt: now } : {}),
    ...(mail === undefined || forgetsMailState(user, change) ? {} : { mail }),
    email: change.email ?? user.email,
    login: change.login ?? user.login,
    role: change.role ?? user.role,
    ...(roleAt === undefined ? {} : { roleAt }),
    fields: Object.fromEntries(fields) as User['fields'],
    tags: [...new Set([...kept, ...(change.tags?.added ?? [])])].sort(),
    contacts: contactsAfter(user.contacts, contact, unlinked),
    effects: Object.fromEntries(effects),
    ...(welcomeAsked === undefined ? {} : { welcomeAsked }),
    ...(moved ? { moved } : {}),
    ...(pulled ? { pulled } : {}),
    ...(isOfItsImport(user, change) ? { importedVersion: user.version + 1 } : {}),
    version: user.version + 1,
    updated: now,
  };
}

/** Whether a user gets another address, and not only another spelling of it. */
export function isMove(user: User, change: UserChange): change is UserChange & { email: string } {
  return change.email !== undefined && uniqueSpelling(change.email) !== uniqueSpelling(user.email);
}
