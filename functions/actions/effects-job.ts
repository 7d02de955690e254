import type { ContactRequest } from '../jobs/contact-request.ts';
import type { EffectsJob } from '../jobs/job.ts';
import type { ActionPorts } from './ports.ts';

type Subject = Pick<EffectsJob, 'userId' | 'contactId' | 'awaits' | 'movedAt' | 'version'>;

/**
 * Sends a job for the effects of a user that is about to be written. Before the write: if we die between the two, the job
 * finds nothing to do and ends, and after it the effects would wait for nobody.
 */
export function sendEffectsJob(
  { connection, requestId, lane }: Pick<ContactRequest, 'connection' | 'requestId' | 'lane'>,
  { userId, contactId, awaits, movedAt, version }: Subject,
  { jobs, random, now }: ActionPorts,
): Promise<unknown> {
  return jobs.send([
    {
      kind: 'effects',
      id: random.uuid(),
      userId,
      connection,
      contactId,
      lane,
      ...(awaits ? { awaits } : {}),
      ...(movedAt ? { movedAt } : {}),
      ...(version === undefined ? {} : { version }),
      requestId,
      createdAt: now().toISOString(),
    },
  ]);
}
