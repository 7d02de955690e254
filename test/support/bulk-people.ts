import { setTimeout as delay } from 'node:timers/promises';
import type { User } from '../../functions/users/user.ts';
import { newEmail, putContact } from '../integration/contacts.ts';
import { bulk } from './bulk-stack.ts';
import { jsonLines } from './cli-stack.ts';

/** What an import prints last with `--json`. */
export interface Summary {
  id: string;
  sent: number;
  results: Record<string, number>;
  open: number;
  whole: boolean;
}

export const summaryOf = (out: string) => jsonLines(out).at(-1) as Summary;

/** Puts a person into the CRM, and answers its id. */
export const person = (email: string | null = newEmail(), tags: string[] = []): string =>
  putContact(bulk.test, 'encharge', { email, tags });

/** Changes a person in the CRM. */
export function edit(id: string, change: object): void {
  const before = bulk.test.encharge.people.get(id);
  bulk.test.encharge.people.put({ ...before, ...change, id });
}

export async function userOf(id: string): Promise<User> {
  const user = await bulk.test.userOf('encharge', id);
  if (!user) throw new Error('There is no user.');
  return user;
}

/** Resolves when so many jobs have had this result, counted from now. */
export async function jobs(result: string, count: number): Promise<void> {
  const from = bulk.log.length;
  const done = () => bulk.log.slice(from).filter((line) => line['result'] === result).length;
  while (done() < count) await delay(5);
}
