import { randomUUID } from 'node:crypto';
import {
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { type EffectsJob, type Job, messageGroup, type WebhookJob } from '../../functions/jobs/job.ts';

/** A webhook's job, unlike any other. */
export function webhookJob(change: Partial<WebhookJob> = {}): WebhookJob {
  const createdAt = new Date(Date.now() - 13 * 3_600_000).toISOString();
  return {
    kind: 'webhook',
    id: randomUUID(),
    action: 'update',
    connection: 'encharge',
    contactId: randomUUID(),
    sendNotification: false,
    lane: 'live',
    requestId: `request-${randomUUID()}`,
    receivedAt: createdAt,
    createdAt,
    ...change,
  };
}

/** The effects of a user that nobody knows any more, which are over at once. */
export function effectsJob(change: Partial<EffectsJob> = {}): EffectsJob {
  const { id, connection, requestId, createdAt } = webhookJob();
  const ids = { userId: randomUUID(), contactId: randomUUID() };
  return { kind: 'effects', id, connection, lane: 'live', requestId, createdAt, ...ids, ...change };
}

/** Puts any text into a queue, as a dead letter would come there. */
export async function putText(
  sqs: Pick<SQSClient, 'send'>,
  queueUrl: string,
  text: string,
  group: string,
  deduplicationId: string = randomUUID(),
): Promise<void> {
  await sqs.send(
    new SendMessageCommand({
      QueueUrl: queueUrl,
      MessageBody: text,
      MessageGroupId: group,
      MessageDeduplicationId: deduplicationId,
    }),
  );
}

/** Puts jobs into a queue, one after the other, with the deduplication ids that they have everywhere. */
export async function putJobs(
  sqs: Pick<SQSClient, 'send'>,
  queueUrl: string,
  jobs: readonly Job[],
): Promise<void> {
  for (const job of jobs) await putText(sqs, queueUrl, JSON.stringify(job), messageGroup(job), job.id);
}

/** How many messages, up to ten, a queue would hand out now; they stay where they are. */
export async function handedOut(sqs: Pick<SQSClient, 'send'>, QueueUrl: string): Promise<number> {
  const command = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 0 });
  return (await sqs.send(command)).Messages?.length ?? 0;
}

/** How many messages of a queue can be seen, and how many are hidden. */
export async function messageCounts(
  sqs: Pick<SQSClient, 'send'>,
  queueUrl: string,
): Promise<{ visible: number; hidden: number }> {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['All'] }),
  );
  return {
    visible: Number(Attributes['ApproximateNumberOfMessages']),
    hidden: Number(Attributes['ApproximateNumberOfMessagesNotVisible']),
  };
}
