import { expect } from '@jest/globals';
import { type Io, ProcessDied } from '../support/io.ts';
import type { TestStack } from '../support/test-stack.ts';
import { inconsistencies } from './table-state.ts';

/** One run of something in which the process may die. */
export interface CrashRun<Subject> {
  /** Makes what the run works on; nothing dies here. */
  prepare: () => Promise<Subject>;
  /** What the dying process does. Its outcome counts for nothing: nobody hears of it. */
  act: (subject: Subject) => Promise<unknown>;
  /** What happens afterwards with a new process, and what must be true in the end; `at` says where the process died. */
  recover: (subject: Subject, at: string) => Promise<void>;
}

const deathless = 'no crash';

/**
 * Lets the process die at its first, second, … call, before and after it, until a run gets through. After each
 * death, before anything is repaired, users, claims and tag members must agree.
 *
 * @returns the calls at which it died, each twice
 */
export async function crashEverywhere<Subject>(
  test: TestStack,
  io: Io,
  { prepare, act, recover }: CrashRun<Subject>,
): Promise<string[]> {
  const deaths: string[] = [];
  for (let n = 1; ; n += 1) {
    for (const when of ['before', 'after'] as const) {
      const subject = await prepare();
      io.clear();
      io.crashAt(n, when);
      await act(subject).catch((error: unknown) => {
        if (!(error instanceof ProcessDied)) throw error;
      });
      const call = io.calls[n - 1];
      const at = io.isDead ? `${when} ${call?.service} ${call?.name}` : deathless;
      io.revive();
      expect([at, await inconsistencies(test.users)]).toEqual([at, []]);
      await recover(subject, at);
      expect([at, await inconsistencies(test.users)]).toEqual([at, []]);
      if (at === deathless) return deaths;
      deaths.push(at);
    }
  }
}
