import { AsyncLocalStorage } from 'node:async_hooks';
import type { Random } from '../../functions/random.ts';
import { decide, happens, randomOf } from './decide.ts';
import type { GivenMail, MailEffect } from './mail-ledger.ts';

/** Thrown by every call of an invocation whose process is no more. */
export class ProcessDied extends Error {
  override name = 'ProcessDied';
}

/** How an invocation ends before its time. */
export interface Death {
  /** At its nth call to the outside. */
  atCall: number;
  /** `limit`: the call takes until the function's time is over, and so long nobody hears of the end. */
  when: 'before' | 'after' | 'limit';
}

/** One run of the function. Others run at the same time and live on when this one dies. */
export interface Invocation {
  readonly key: string;
  /** Real milliseconds. */
  readonly begun: number;
  readonly random: Random;
  readonly death: Death | undefined;
  isDead: boolean;
  /** Calls to the outside so far. */
  calls: number;
  /** Faults that its calls have met, its own death among them. */
  faults: number;
  /** The mails that it has claimed: whose they are, and since when they are to be sent. */
  readonly claims: Map<MailEffect, { userId: string; since: string }>;
  /** The mails that it has given to SES. */
  readonly mails: GivenMail[];
}

const current = new AsyncLocalStorage<Invocation>();

/** The invocation that the caller runs in; undefined for the machine's own calls. */
export const currentInvocation = () => current.getStore();

/** A new invocation; whether it dies depends on seed and key only. */
export function newInvocation(seed: number, key: string, percentKilled: number): Invocation {
  const random = decide(seed, 'death', key);
  const isKilled = happens(random, percentKilled);
  const when = random.pick<Death['when']>(['before', 'after', 'after', 'limit']);
  const death = { atCall: 1 + random.int(12), when };
  return {
    key,
    begun: performance.now(),
    random: randomOf(seed, 'random', key),
    death: isKilled ? death : undefined,
    isDead: false,
    calls: 0,
    faults: 0,
    claims: new Map(),
    mails: [],
  };
}

/** Runs something as this invocation: its calls count as the invocation's, whatever else runs at the same time. */
export function runAs<Result>(invocation: Invocation, work: () => Promise<Result>): Promise<Result> {
  return current.run(invocation, work);
}
