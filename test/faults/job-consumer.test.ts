import { setImmediate as nextTurn } from 'node:timers/promises';
import { ChangeMessageVisibilityCommand, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createJobQueue } from '../../functions/jobs/job-queue.ts';
import { createAwsClients } from '../../functions/runtime/aws-clients.ts';
import { type JobQueue, startQueue } from '../../lib/dev/queue.ts';
import { JobConsumer, type JobConsumerPorts } from './job-consumer.ts';

let queue: JobQueue;
let sqs: SQSClient;

beforeEach(async () => {
  queue = await startQueue();
  ({ sqs } = createAwsClients(() => ({
    region: 'eu-west-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    endpoint: queue.endpoint,
  })));
  const about = { kind: 'effects', id: 'job', userId: 'user', connection: 'encharge', lane: 'live' } as const;
  const job = { ...about, requestId: 'request', createdAt: new Date().toISOString() };
  await createJobQueue(sqs, queue.queueUrl).send([job]);
});

afterEach(async () => {
  sqs.destroy();
  await queue.stop();
});

const consumerOf = (work: JobConsumerPorts['work'], now = () => new Date()) =>
  new JobConsumer({ sqs, queueUrl: queue.queueUrl, workers: 4, now, work });

const show = (ReceiptHandle: string | undefined) =>
  sqs.send(
    new ChangeMessageVisibilityCommand({ QueueUrl: queue.queueUrl, ReceiptHandle, VisibilityTimeout: 0 }),
  );

describe('the consumer of jobs', () => {
  it('does not take a queue for empty that has handed a job to nobody', async () => {
    // As when a machine stalls and an answer comes too late for whoever has asked.
    const { Messages: [hidden] = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: queue.queueUrl }),
    );
    const worked: string[] = [];
    const consumer = consumerOf(({ id }) => {
      worked.push(id);
      return Promise.resolve('done');
    });
    let looks = 0;
    let showing: Promise<unknown> | undefined;
    await consumer.run(() => {
      looks += 1;
      if (looks === 5) showing = show(hidden?.ReceiptHandle);
      return true;
    });
    await showing;
    expect(worked).toEqual(['job']);
    expect(await consumer.waiting()).toBe(0);
  });

  it('goes by the later hand-out of a job that came back before its try was over', async () => {
    const later = Promise.withResolvers<void>();
    const tries: number[] = [];
    let now = new Date();
    const consumer = consumerOf(
      async (_job, { ReceiptHandle }, receives) => {
        tries.push(receives);
        if (receives === 1) {
          await show(ReceiptHandle);
          await later.promise;
          await nextTurn();
        }
        if (receives === 2) later.resolve();
        return receives < 3 ? 'failed' : 'done';
      },
      () => now,
    );
    await consumer.run(() => true);
    expect([tries, consumer.resting.length]).toEqual([[1, 2], 1]);
    now = new Date(consumer.nextDue ?? 0);
    await consumer.wake();
    await consumer.run(() => true);
    expect(tries).toEqual([1, 2, 3]);
    expect(await consumer.waiting()).toBe(0);
  });
});
