import { type WebhookJob, webhookJob } from '../../functions/jobs/job.ts';
import { createJobQueue } from '../../functions/jobs/job-queue.ts';
import type { Deployment } from '../commands/support/deployment.ts';
import type { ReplayContact } from './answers.ts';
import type { ReplayPlan, ReplayPlans } from './replay-plan.ts';

/** What may be lost from sight at once: it is sent again, as the same jobs. */
const batchSize = 100;

/**
 * A webhook's job as it was, behind what is live. It keeps the time of the webhook, so that its role does not beat that of a
 * newer one; and its id is made of the replay's and the contact's, so that sending it again makes no second job.
 */
export function replayJob(contact: ReplayContact, replayId: string, now: Date): WebhookJob {
  const { action, connection, contactId, role, notify, receivedAt } = contact;
  const request = {
    action,
    connection,
    contactId,
    ...(role === undefined ? {} : { role }),
    sendNotification: notify,
    lane: 'batch',
    requestId: replayId,
    receivedAt,
  } as const;
  return webhookJob(request, now.toISOString());
}

/** Sends what a plan has left, from its first contact that is not known to be in the queue on. */
export async function sendReplay(
  { sqs, queueUrl, users }: Pick<Deployment, 'sqs' | 'queueUrl' | 'users'>,
  { id, contacts, sent }: ReplayPlan,
  plans: Pick<ReplayPlans, 'note'>,
): Promise<void> {
  const queue = createJobQueue(sqs, queueUrl);
  for (let start = sent; start < contacts.length; start += batchSize) {
    const batch = contacts.slice(start, start + batchSize);
    await queue.send(batch.map((contact) => replayJob(contact, id, users.now())));
    await plans.note(id, start + batch.length);
  }
}
