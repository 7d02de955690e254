import type { Random } from '../random.ts';

/** A message can be invisible for 12 hours in all, and the try that failed counts. SQS refuses more. */
const longestRest = 11 * 60 * 60;
const [shortestOwn, longestOwn] = [10, 2 * 60 * 60] as const;

/**
 * How long a job rests after a failure of its own, in seconds: twice as long each time, with full jitter. With twenty failures
 * that makes about twelve hours.
 *
 * @param own its failures so far
 * @param askedSeconds what the other side asked for; never less than that
 */
export function backOffSeconds(own: number, askedSeconds: number, random: Pick<Random, 'int'>): number {
  const longest = Math.min(shortestOwn * 2 ** own, longestOwn);
  return Math.min(Math.max(1 + random.int(longest), askedSeconds), longestRest);
}

/** How long a job rests whose effects wait for their time, in seconds: it may have to rest more than once. */
export const restUntilDue = (seconds: number): number => Math.min(seconds, longestRest);

/** Looks after which a contact that the CRM does not have is given up, in seconds since the webhook. */
const looks = { new: [60, 180, 360], known: [300] } as const;

/**
 * How long a job rests until the next look for a contact that the CRM does not have, in seconds; undefined when there is none.
 *
 * @param whose `new`: an `add` whose contact has no user, as CRMs show new contacts late
 */
export function restUntilLook(whose: keyof typeof looks, ageSeconds: number): number | undefined {
  const due = looks[whose].find((seconds) => seconds > ageSeconds);
  return due === undefined ? undefined : Math.ceil(due - ageSeconds);
}

/** A job is given up when it is so old, in seconds, or has failed by itself so often. */
export const limits = { ageSeconds: 36 * 60 * 60, failures: 20, refusals: 8 } as const;
