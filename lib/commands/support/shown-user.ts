import { withoutSalt } from '../../../functions/users/stored-items.ts';
import type { User } from '../../../functions/users/user.ts';

/** What is shown of a user. The password's hash is nobody's business, on a screen least of all. */
export function shownUser({ passwordHash, ...user }: User): object {
  return { ...user, effects: withoutSalt(user.effects), hasPassword: passwordHash !== undefined };
}
