import { uniqueSpelling } from '../mail/email-address.ts';
import type { TryLimit } from '../users/tries.ts';
import type { User } from '../users/user.ts';

const minute = 60;

/**
 * Whose tries a login's are, in whatever spelling it was typed. By what was typed and not by the user: counts that an address and
 * a username share, or that only spellings of a user's share, would tell that there is such a user.
 */
export const triesOfLogin = (typed: string): string[] => ['login', uniqueSpelling(typed)];

/** All that a user's tries may stand under. */
export const triesOfUser = ({ email, login }: Pick<User, 'email' | 'login'>): string[][] => [
  triesOfLogin(email),
  triesOfLogin(login),
];

/** How often logging in may fail: from one network, for one login, and for one login from one network. */
export const loginLimits = (subject: readonly string[], network: string): TryLimit[] => [
  { subject, what: ['network', network], most: 10, seconds: 15 * minute },
  { subject, what: ['any'], most: 100, seconds: 60 * minute },
  { subject: ['network', network], what: ['login'], most: 100, seconds: 15 * minute },
];
