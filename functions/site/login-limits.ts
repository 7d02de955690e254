import type { TryLimit } from '../users/tries.ts';

const minute = 60;

/** Whose tries a user's are, however the login was typed. */
export const triesOfUser = (userId: string): string[] => ['login', userId];

/** Nobody has this login: its tries are counted all the same, so that nobody can tell. */
export const triesOfNobody = (typed: string): string[] => ['nobody', typed];

/** How often logging in may fail: from one network, for one login, and for one login from one network. */
export const loginLimits = (subject: readonly string[], network: string): TryLimit[] => [
  { subject, what: ['network', network], most: 10, seconds: 15 * minute },
  { subject, what: ['any'], most: 100, seconds: 60 * minute },
  { subject: ['network', network], what: ['login'], most: 100, seconds: 15 * minute },
];
