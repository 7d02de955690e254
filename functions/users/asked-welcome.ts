import type { UserChange } from './user-change.ts';

/** The change that asks for a welcome mail. @param since when it is to be sent, ISO 8601 */
export const askedWelcome = (since: string) =>
  ({ welcomeAsked: since, effects: { welcome_mail: { since } } }) satisfies UserChange;
