import type { FieldValue } from '../crm/field-value.ts';

/** What is still to be done for a user. */
export type EffectName = 'welcome_mail' | 'return_password' | 'moved_mail' | 'link_mail' | 'changed_mail';

/** An effect that is not done yet. */
export interface PendingEffect {
  /** Since when it is to be done, ISO 8601. */
  since: string;
  /** Until when the job that claimed it may work on it, ISO 8601. */
  claimedUntil?: string;
  /** Not to be done before, ISO 8601; mails of moves have a rate. */
  notBefore?: string;
  /** The address that the mail is for: of `moved_mail`, `link_mail` and `changed_mail`. */
  to?: string;
  /** The connection that the password is returned to, and what it is made of together with that one's API token. */
  connection?: string;
  salt?: string;
}

/** What SES has heard from the mailbox of an address: it does not exist, or calls the mails spam. */
export interface MailState {
  state: 'bounced' | 'complained';
  /** When the mailbox said so, ISO 8601. */
  at: string;
}

/** A person who may log in, as the table holds it. Dates are ISO 8601 in UTC. */
export interface User {
  id: string;
  email: string;
  /** The username. It changes only if it was made of the address, with this. */
  login: string;
  role: string;
  /** When the webhook came in, or the CRM was asked, that gave the role; absent for the default one. */
  roleAt?: string;
  fields: Readonly<Record<string, FieldValue>>;
  tags: readonly string[];
  /** Connection → the contact's id there. */
  contacts: Readonly<Record<string, string>>;
  /** Argon2id as a PHC string; absent until a password was set. */
  passwordHash?: string;
  /** When the password was last set, or ended: sessions that are older are somebody else's, perhaps. */
  passwordSetAt?: string;
  effects: Readonly<Partial<Record<EffectName, PendingEffect>>>;
  /** When a welcome mail was last asked for; absent when nobody has. */
  welcomeAsked?: string;
  /** Of the present address; absent while nothing is known against it. */
  mail?: MailState;
  /** When the user last got another address, and when the newest mails about that were due. */
  moved?: { at: string; mails: readonly string[] };
  /** Connection → digest of the address that its contact had at the last pull; absent while there was none. */
  pulled?: Readonly<Record<string, string>>;
  /** The import that has made the user; absent for all others. */
  importedBy?: string;
  /** The version that this import has left: whoever has written since wants to keep the user. */
  importedVersion?: number;
  /** When a password was set by this import, or by what it has led to. */
  importedPasswordSetAt?: string;
  /** Counts the writes of webhooks: a write is only made to the version that was read. */
  version: number;
  /** Counts the webhooks that found nothing to write; absent while there were none. */
  looks?: number;
  created: string;
  updated: string;
}
