import { signal } from '@preact/signals';

/** By what a user is looked for, and what that is called. */
export const ways = {
  email: 'address',
  login: 'username',
  id: 'id',
  contact: 'contact',
  tag: 'tag',
} as const;
export type Way = keyof typeof ways;

/** Whom another page wants to be looked for. In memory only: addresses stand in no address. */
export const lookFor = signal<{ by: Way; text: string } | undefined>(undefined);
