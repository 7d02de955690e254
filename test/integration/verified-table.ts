import { createUser, type NewUser } from '../../functions/users/create.ts';
import type { IndexProblem } from '../../lib/verify/verify-look.ts';
import { repairIndex } from '../../lib/verify/verify-repair.ts';
import { type Problem, verifyTable } from '../../lib/verify/verify-table.ts';
import { newUser, table } from './store.ts';
import { collected } from './table-state.ts';

export const noSleep = () => Promise.resolve();

/** Everything that a look at the whole table finds; effects are pending after an hour. */
export function problems(sleep: (ms: number) => Promise<void> = noSleep): Promise<Problem[]> {
  const pendingSince = new Date(table.time.getTime() - 3_600_000);
  return collected(verifyTable(table, { pendingSince, sleep, onRead: () => undefined }));
}

export const isOfIndex = (problem: Problem): problem is IndexProblem =>
  !['unknown', 'leftover', 'old_spelling', 'effects_pending'].includes(problem.kind);

/** Problem by problem, as `usher verify --fix` does. */
export async function repairs(): Promise<string[]> {
  const results: string[] = [];
  for (const problem of (await problems()).filter(isOfIndex)) {
    results.push(await repairIndex(table, problem, noSleep));
  }
  return results;
}

/** A user with two tags, in order unless the change says otherwise. */
export const person = (change: Partial<NewUser> = {}) =>
  createUser(table, newUser({ tags: ['a', 'b'], ...change }));

/** What a test expects of the problems of the index; the others are left out. */
export const named = (found: Problem[]) =>
  found.filter(isOfIndex).map(({ kind, key, userId }) => ({ kind, pk: key.pk, userId }));
