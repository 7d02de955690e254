import { GetQueueAttributesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect } from '@jest/globals';
import type { Context, SQSRecord } from 'aws-lambda';
import { type JobPoller, startJobPoller } from '../../../lib/dev/job-poller.ts';
import { localClient } from '../../../lib/dev/local-client.ts';
import { type JobQueue, startQueue } from '../../../lib/dev/queue.ts';

export let queue: JobQueue;
export let sqs: SQSClient;
export let poller: JobPoller | undefined;
/** What the poller reported. */
export let errors: unknown[];
/** The bodies of the messages that the handler got, in their order. */
export let seen: string[];

/** A queue for each test of a file; its poller and the queue are stopped after the test. */
export function usePolledQueue(): void {
  beforeEach(async () => {
    errors = [];
    seen = [];
    queue = await startQueue();
    sqs = new SQSClient({
      ...localClient(queue.endpoint),
      maxAttempts: 1,
    });
  });

  afterEach(async () => {
    await poller?.stop();
    poller = undefined;
    sqs.destroy();
    await queue.stop();
  });
}

/** Puts a poller that the test has started itself in the place of the one that is stopped after it. */
export function setPoller(started: JobPoller): void {
  poller = started;
}

/** Goes on with another queue, once the test has stopped the first. */
export function setQueue(started: JobQueue): void {
  queue = started;
}

/** Starts a poller whose handler gets one record at a time, as the batch size of the queue says. */
export async function start(
  work: (record: SQSRecord, context: Context) => Promise<unknown>,
  options: { pollers?: number; functionTimeoutMs?: number } = {},
): Promise<void> {
  poller = await startJobPoller(
    async ({ Records: [record, ...others] }, context) => {
      expect(others).toEqual([]);
      if (record === undefined) throw new Error('an empty batch');
      seen.push(record.body);
      return work(record, context);
    },
    {
      sqs,
      queueUrl: queue.queueUrl,
      pollers: 4,
      functionTimeoutMs: 10_000,
      onError: (error) => errors.push(error),
      endLongPolls: () => queue.endLongPolls(),
      ...options,
    },
  );
}

export const done = Promise.resolve();

let sent = 0;
export async function send(body: string, group = 'group'): Promise<void> {
  sent += 1;
  await sqs.send(
    new SendMessageCommand({
      QueueUrl: queue.queueUrl,
      MessageBody: body,
      MessageGroupId: group,
      MessageDeduplicationId: String(sent),
      MessageAttributes: { kind: { DataType: 'String', StringValue: 'test' } },
    }),
  );
}

export async function count(url = queue.queueUrl): Promise<{ visible: number; taken: number }> {
  const { Attributes: counts } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }),
  );
  return {
    visible: Number(counts?.['ApproximateNumberOfMessages']),
    taken: Number(counts?.['ApproximateNumberOfMessagesNotVisible']),
  };
}
