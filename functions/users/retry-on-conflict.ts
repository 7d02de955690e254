import type { Random } from '../random.ts';
import { WriteConflict } from './user-table.ts';

const tries = 12;
const longestPauseMs = 400;

/**
 * Runs an action again from its reads while others write the same user first. The pauses grow and are random, so
 * that many webhooks for one contact do not meet again and again.
 *
 * @throws WriteConflict when it never settles; the queue then takes the webhook, where one contact's jobs are in order
 */
export async function retryOnConflict<Result>(
  attempt: () => Promise<Result>,
  { random, sleep }: { random: Random; sleep: (ms: number) => Promise<void> },
): Promise<Result> {
  for (let count = 1; ; count += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof WriteConflict) || count >= tries) throw error;
      await sleep(random.int(Math.min(10 * 2 ** count, longestPauseMs)));
    }
  }
}
