import { type Asking, front, longestSleepSeconds } from './line.ts';
import type { LaneName, Rate } from './rate.ts';

/** Seconds that a job which has failed stays behind at a CRM that limits us: twice as long each time. */
const longestBehind = 60;

/** Where a job stands that has failed: a single webhook behind those that have not, but before the batch. */
export function standing(lane: LaneName, failures: number, ticket: number | undefined): Asking {
  if (failures === 0) return { lane, ticket };
  return { lane: 'batch', ticket: lane === 'live' ? front : ticket };
}

/**
 * How long a job that has failed sleeps at least, in seconds: longer with every failure, or for as long as the CRM fails.
 *
 * @param jitter from 0 to 1
 */
export function behindSeconds(rate: Rate, failures: number, jitter: number, now: number): number {
  const isFailing = rate.reason === 'unavailable';
  const longest = isFailing ? longestSleepSeconds(rate, now) : Math.min(2 * 2 ** failures, longestBehind);
  return failures === 0 ? 0 : (longest * (1 + jitter)) / 2;
}
