import { ContactNotFound, CrmHeld } from '../crm/crm-errors.ts';
import { describeError, type UsherError } from '../errors.ts';
import { backOffSeconds, limits, restUntilDue, restUntilLook } from '../jobs/back-off.ts';
import type { Job, WebhookJob } from '../jobs/job.ts';
import type { Turn } from '../pace/turn.ts';
import type { Services } from '../runtime/services.ts';
import { ageSeconds } from './run-job.ts';

/** No longer than the CRM asks one job to wait, in seconds. */
const longestAsked = 3600;

/** What becomes of a job that was not done: it rests for so many seconds, is given up, or is over. */
export type Fate = { restSeconds: number } | 'dead' | 'over';

/** Of an import or a resync it is over: who is gone is listed, and thousands of them would keep the others from the queue. */
function fateOfMissing({ isNew }: ContactNotFound, job: WebhookJob, services: Services): Fate {
  if (job.bulk !== undefined) return 'over';
  const restSeconds = restUntilLook(isNew ? 'new' : 'known', ageSeconds(job, services));
  return restSeconds === undefined ? 'over' : { restSeconds };
}

/** An outcome that no further try would change is over: it is in the log. */
const isFinal = (error: UsherError) => !error.retryable && error.code !== 'internal_error';

export async function fateOf(error: UsherError, job: Job, turn: Turn, services: Services): Promise<Fate> {
  if (isFinal(error)) return 'over';
  if (error instanceof ContactNotFound && job.kind === 'webhook') return fateOfMissing(error, job, services);
  // It waits for its own time, which says nothing of anybody.
  if (error.code === 'effect_not_due')
    return { restSeconds: restUntilDue(error.retryAfterSeconds ?? uncountedRest) };
  const { own } =
    error instanceof CrmHeld ? await turn.read() : await turn.fail(turn.restSeconds === undefined);
  const most = error.code === 'crm_contact_refused' ? limits.refusals : limits.failures;
  if (own >= most || ageSeconds(job, services) >= limits.ageSeconds) return 'dead';
  const asked = Math.min(error.retryAfterSeconds ?? 0, longestAsked);
  return { restSeconds: turn.restSeconds ?? backOffSeconds(own, asked, services.random) };
}

/** How long a job rests that cannot be counted, in seconds. */
const uncountedRest = 60;

/** The table does not answer: nothing is lost by asking again. */
export function unknownFate(cause: unknown, { log }: Services): Fate {
  log.problem('job not counted', { error: describeError(cause) });
  return { restSeconds: uncountedRest };
}
