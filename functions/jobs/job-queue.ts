import { SendMessageBatchCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { UsherError } from '../errors.ts';
import { type Job, messageGroup } from './job.ts';

/** Where jobs are put. */
export interface JobQueue {
  /** Resolves when every job is durable in the queue. */
  send(jobs: readonly Job[]): Promise<void>;
  /** Stores as many as it can. Answers the ids of those that are not known to be durable. */
  store(jobs: readonly Job[]): Promise<ReadonlySet<string>>;
}

/** What one SendMessageBatch may hold. */
const batchSize = 10;
/** Batches under way at once: 1,000 jobs within the response budget, without a burst of 100 connections. */
const parallel = 10;
/** SQS may refuse single entries of a batch. */
const rounds = 3;

/**
 * A job as JSON in ASCII: SQS refuses some characters of Unicode, and ids, roles and addresses may hold any.
 *
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
export function messageBody(job: Job): string {
  const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(job).replace(/[^\x20-\x7E]/g, escaped);
}

const entry = (job: Job) => ({
  MessageBody: messageBody(job),
  MessageGroupId: messageGroup(job),
  MessageDeduplicationId: job.id,
});

/** Answers the ids of the jobs that SQS did not take. */
async function sendBatch(
  sqs: Pick<SQSClient, 'send'>,
  queueUrl: string,
  jobs: readonly Job[],
): Promise<string[]> {
  let waiting = new Map(jobs.map((job) => [job.id, job]));
  for (let round = 0; round < rounds && waiting.size > 0; round += 1) {
    const { Failed = [] } = await sqs.send(
      new SendMessageBatchCommand({
        QueueUrl: queueUrl,
        Entries: [...waiting.values()].map((job) => ({ Id: job.id, ...entry(job) })),
      }),
    );
    const refused = new Set(Failed.map(({ Id }) => Id));
    waiting = new Map([...waiting].filter(([id]) => refused.has(id)));
  }
  return [...waiting.keys()];
}

/** Answers what `work` answers for each batch, several at a time. */
async function inBatches(jobs: readonly Job[], work: (batch: Job[]) => Promise<string[]>): Promise<string[]> {
  const batches: Job[][] = [];
  for (let start = 0; start < jobs.length; start += batchSize) {
    batches.push(jobs.slice(start, start + batchSize));
  }
  const results: string[] = [];
  const next = batches.values();
  await Promise.all(
    Array.from({ length: parallel }, async () => {
      for (const batch of next) results.push(...(await work(batch)));
    }),
  );
  return results;
}

/** The SQS FIFO queue. A job's id is its deduplication id, so a send repeated by the SDK counts once. */
export function createJobQueue(sqs: Pick<SQSClient, 'send'>, queueUrl: string): JobQueue {
  return {
    async send(jobs) {
      const [only] = jobs;
      if (jobs.length === 1 && only) {
        await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, ...entry(only) }));
        return;
      }
      const refused = await inBatches(jobs, (batch) => sendBatch(sqs, queueUrl, batch));
      if (refused.length > 0) {
        throw new UsherError('aws_unavailable', 'The queue refused some of the jobs.', { retryable: true });
      }
    },
    async store(jobs) {
      const ids = (batch: readonly Job[]) => batch.map(({ id }) => id);
      // What an answer that was lost would have said, nobody knows.
      const missing = await inBatches(jobs, (batch) =>
        sendBatch(sqs, queueUrl, batch).catch(() => ids(batch)),
      );
      return new Set(missing);
    },
  };
}
