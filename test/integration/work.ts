import { setTimeout as sleep } from 'node:timers/promises';
import type { Io } from '../support/io.ts';
import { deliver, type TakenJob, takeJobs } from '../support/jobs.ts';
import type { TestStack } from '../support/test-stack.ts';

/** Longer than any claim and than the wait for a user that is being created. */
const restMs = 3 * 60 * 1000;

/** A job of a test that is not done by then never will be. */
const mostTries = 40;

/** Hands a job out again and again as SQS would, with the rest between two tries taken by moving the clock. */
async function retry(test: TestStack, io: Io, job: TakenJob): Promise<void> {
  for (let receives = 2; receives <= mostTries; receives += 1) {
    io.advance(restMs);
    if ((await deliver(test, job, { receives })) === 'failed') continue;
    if (test.log.at(-1)?.['result'] === 'given_up') break;
    return;
  }
  throw new Error('A job would have ended among the dead letters.');
}

/** Works on jobs in parallel until the queue hands out none and `isOver` says that none are still to come. */
async function workUntil(test: TestStack, isOver: () => boolean): Promise<TakenJob[]> {
  const failed: TakenJob[] = [];
  for (;;) {
    const wasOver = isOver();
    const jobs = await takeJobs(test);
    if (jobs.length === 0 && wasOver) return failed;
    if (jobs.length === 0) await sleep(5);
    await Promise.all(
      jobs.map(async (job) => {
        if ((await deliver(test, job)) === 'failed') failed.push(job);
      }),
    );
  }
}

/**
 * Works on the queue while something else goes on, and then until nothing is left in it. Jobs that failed meanwhile
 * are tried again, after their rest, when everything else is over.
 */
export async function workDuring<Result>(
  test: TestStack,
  io: Io,
  during: () => Promise<Result>,
): Promise<Result> {
  let isOver = false;
  const working = workUntil(test, () => isOver);
  try {
    return await during();
  } finally {
    isOver = true;
    for (let failed = await working; failed.length > 0; failed = await workUntil(test, () => true)) {
      for (const job of failed) await retry(test, io, job);
    }
  }
}

/** Works on the queue until nothing is left in it. */
export function drain(test: TestStack, io: Io): Promise<void> {
  return workDuring(test, io, () => Promise.resolve());
}
