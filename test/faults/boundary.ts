import { setTimeout as delay } from 'node:timers/promises';
import type { SeededRandom } from '../integration/seeded-random.ts';
import { decide } from './decide.ts';
import { currentInvocation, type Invocation, ProcessDied } from './invocation.ts';

/** Real milliseconds until an invocation that runs into its time limit is at it. */
const untilLimitMs = 300;

export interface BoundaryCall<Result> {
  seed: number;
  /** What is called, for the decision about it. */
  name: string;
  /** Does the call, with whatever fault the numbers say. They are the same for the nth call of an invocation in every run. */
  run: (random: SeededRandom, invocation: Invocation) => Promise<Result>;
  /** Does it for the machine itself, which meets no faults. */
  plain: () => Promise<Result>;
}

function die(invocation: Invocation): never {
  if (!invocation.isDead) invocation.faults += 1;
  invocation.isDead = true;
  throw new ProcessDied();
}

/** Lets a call of the function through to the outside, unless its invocation is dead or dies of it. */
export async function atBoundary<Result>({ seed, name, run, plain }: BoundaryCall<Result>): Promise<Result> {
  const invocation = currentInvocation();
  if (!invocation) return plain();
  invocation.calls += 1;
  const n = invocation.calls;
  const death = invocation.death?.atCall === n ? invocation.death.when : undefined;
  if (death === 'before' || invocation.isDead) die(invocation);
  if (death === 'limit') {
    await delay(untilLimitMs);
    die(invocation);
  }
  const result = await run(decide(seed, 'call', invocation.key, n, name), invocation);
  if (death === 'after' || invocation.isDead) die(invocation);
  return result;
}
