import { queueSettings } from './queue-settings.ts';

/** Seconds to wait after the first, second, … failed try, and after every further one. */
const waitsInSeconds = [15, 30, 60, 120, 240, 480] as const;
const longestWait = 900;

/** A message can be invisible for 12 hours in all, and the try that failed counts. SQS refuses more. */
const longestSeconds = 12 * 60 * 60 - queueSettings.visibilityTimeoutSeconds;

/**
 * How long a failed job rests, in seconds. Never more than a quarter of an hour unless the CRM asked for it: what an
 * operator mends is soon under way again. With the tries that a job has, that makes thirteen hours.
 *
 * @param receives how often SQS has handed the job out, 1 for the first try
 * @param askedSeconds what the CRM asked for; never less than that
 */
export function backOffSeconds(receives: number, askedSeconds = 0): number {
  // The next hand-out moves it to the dead-letter queue, and nothing is gained by delaying that.
  if (receives >= queueSettings.maxReceives) return 0;
  const wait = waitsInSeconds[Math.max(receives, 1) - 1] ?? longestWait;
  return Math.min(Math.max(wait, askedSeconds), longestSeconds);
}
