import { queueSettings } from './queue-settings.ts';

/** Minutes to wait after the first, second, … failed try: ten tries over twelve hours. */
const waitsInMinutes = [1, 2, 4, 8, 16, 32, 64, 240, 360] as const;

/** A message can be invisible for 12 hours in all, and the try that failed counts. SQS refuses more. */
const longestSeconds = 12 * 60 * 60 - queueSettings.visibilityTimeoutSeconds;

/**
 * How long a failed job rests, in seconds.
 *
 * @param receives how often SQS has handed the job out, 1 for the first try
 * @param askedSeconds what the CRM asked for; never less than that
 */
export function backOffSeconds(receives: number, askedSeconds = 0): number {
  const minutes = waitsInMinutes[Math.max(receives, 1) - 1];
  // The next hand-out moves it to the dead-letter queue, and nothing is gained by delaying that.
  if (minutes === undefined) return 0;
  return Math.min(Math.max(minutes * 60, askedSeconds), longestSeconds);
}
