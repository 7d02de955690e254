import { isPlainlySpelled, uniqueSpelling } from './email-address.ts';
import type { UserChange } from './update.ts';
import type { User } from './user.ts';

/** Whether an address is the user's mailbox, however it is spelled. */
function isSameMailbox(user: User, email: string): boolean {
  return uniqueSpelling(email) === uniqueSpelling(user.email) && isPlainlySpelled(user.email);
}

/**
 * The change that gives a user another address. Another mailbox ends what the one before may have set or been told: the
 * password and the one-time key. The new one gets a link of its own, if the user ever had one.
 *
 * @param now since when the welcome mail is to be sent, ISO 8601
 */
export function otherMailbox(user: User, email: string, now: string): UserChange {
  if (isSameMailbox(user, email)) return { email };
  const hadMail = user.welcomeAsked !== undefined || user.effects.welcome_mail !== undefined;
  return { email, endsCredentials: true, ...(hadMail ? { welcomeAsked: now } : {}) };
}
