import { mkdtemp, rm } from 'node:fs/promises';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, it } from '@jest/globals';
import { queueSettings } from '../../../functions/jobs/queue-settings.ts';
import { localClient } from '../../../lib/dev/local-client.ts';
import { LocalStackError } from '../../../lib/dev/local-stack-error.ts';
import { type JobQueue, startQueue } from '../../../lib/dev/queue.ts';
import { canConnect } from './processes.ts';

const cleanUps: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function start(options: { dataDir?: string } = {}): Promise<{ queue: JobQueue; sqs: SQSClient }> {
  const queue = await startQueue(options);
  const sqs = new SQSClient(localClient(queue.endpoint));
  cleanUps.push(() => queue.stop());
  cleanUps.push(() => sqs.destroy());
  return { queue, sqs };
}

async function tempDir(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'usher-queue-'));
  cleanUps.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

function setVisibility(
  { queue, sqs }: Awaited<ReturnType<typeof start>>,
  message: Message | undefined,
  seconds: number,
) {
  const ReceiptHandle = message?.ReceiptHandle;
  const change = { QueueUrl: queue.queueUrl, ReceiptHandle, VisibilityTimeout: seconds };
  return sqs.send(new ChangeMessageVisibilityCommand(change));
}

let sent = 0;
function send(sqs: SQSClient, QueueUrl: string, MessageBody: string, MessageGroupId = 'group') {
  sent += 1;
  const MessageDeduplicationId = String(sent);
  return sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, MessageGroupId, MessageDeduplicationId }));
}

async function receive(sqs: SQSClient, QueueUrl: string, WaitTimeSeconds = 0, MaxNumberOfMessages = 1) {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl,
      WaitTimeSeconds,
      MaxNumberOfMessages,
      MessageSystemAttributeNames: ['All'],
    }),
  );
  return Messages;
}

describe('startQueue', () => {
  it('sets up the queues as the stack does', async () => {
    const { queue, sqs } = await start();
    const describeQueue = async (QueueUrl: string) =>
      (await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }))).Attributes ?? {};

    const dead = await describeQueue(queue.deadLetterUrl);
    expect(dead).toMatchObject({ FifoQueue: 'true', MessageRetentionPeriod: '1209600' });
    const jobs = await describeQueue(queue.queueUrl);
    expect(jobs).toMatchObject({
      FifoQueue: 'true',
      MessageRetentionPeriod: String(queueSettings.retentionSeconds),
      VisibilityTimeout: String(queueSettings.visibilityTimeoutSeconds),
    });
    expect(JSON.parse(jobs['RedrivePolicy'] ?? '')).toEqual({
      deadLetterTargetArn: dead['QueueArn'],
      maxReceiveCount: queueSettings.maxReceives,
    });
  });

  it('names the queues by the loopback address and listens nowhere else', async () => {
    const { queue, sqs } = await start();
    const port = Number(new URL(queue.endpoint).port);
    expect(queue.queueUrl).toBe(`http://127.0.0.1:${port}/000000000000/usher-jobs.fifo`);
    expect(queue.deadLetterUrl).toBe(`http://127.0.0.1:${port}/000000000000/usher-jobs-dead.fifo`);
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: 'usher-jobs.fifo' }));
    expect(QueueUrl).toBe(queue.queueUrl);

    const others = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4')
      .map(({ address }) => address);
    expect(await Promise.all([...others, '127.0.0.2'].map((host) => canConnect(host, port)))).not.toContain(
      true,
    );
  });

  it("keeps a group's order: what is in work holds back the rest of its group, and of no other", async () => {
    const { queue, sqs } = await start();
    await send(sqs, queue.queueUrl, 'a1', 'a');
    await send(sqs, queue.queueUrl, 'a2', 'a');
    await send(sqs, queue.queueUrl, 'b1', 'b');

    const [a1] = await receive(sqs, queue.queueUrl);
    expect(a1).toMatchObject({
      Body: 'a1',
      Attributes: { MessageGroupId: 'a', ApproximateReceiveCount: '1' },
    });
    expect(await receive(sqs, queue.queueUrl)).toMatchObject([{ Body: 'b1' }]);
    expect(await receive(sqs, queue.queueUrl)).toEqual([]);

    await sqs.send(new DeleteMessageCommand({ QueueUrl: queue.queueUrl, ReceiptHandle: a1?.ReceiptHandle }));
    expect(await receive(sqs, queue.queueUrl)).toMatchObject([{ Body: 'a2' }]);
  });

  it('says which port is taken', async () => {
    const { queue } = await start();
    const port = Number(new URL(queue.endpoint).port);
    const starting = startQueue({ port });
    await expect(starting).rejects.toBeInstanceOf(LocalStackError);
    await expect(starting).rejects.toThrow(`Port ${port} for the job queue is taken`);
  });

  it('gives a message that came after a client hung up to the next client', async () => {
    const { queue, sqs } = await start();
    const hangUp = new AbortController();
    const longPoll = sqs.send(new ReceiveMessageCommand({ QueueUrl: queue.queueUrl, WaitTimeSeconds: 20 }), {
      abortSignal: hangUp.signal,
    });
    await sleep(100);
    hangUp.abort();
    await expect(longPoll).rejects.toThrow('abort');

    await send(sqs, queue.queueUrl, 'late');
    expect(await receive(sqs, queue.queueUrl, 1)).toMatchObject([{ Body: 'late' }]);
  });
});

describe('startQueue on disk', () => {
  it('has the messages after a restart, in order, at its new address', async () => {
    const dataDir = await tempDir();
    const first = await start({ dataDir });
    await send(first.sqs, first.queue.queueUrl, 'one');
    await send(first.sqs, first.queue.queueUrl, 'two');
    await first.queue.stop();

    const { queue, sqs } = await start({ dataDir });
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: 'usher-jobs.fifo' }));
    expect(QueueUrl).toBe(queue.queueUrl);
    const [one] = await receive(sqs, queue.queueUrl);
    expect(one?.Body).toBe('one');
    await sqs.send(new DeleteMessageCommand({ QueueUrl: queue.queueUrl, ReceiptHandle: one?.ReceiptHandle }));
    expect(await receive(sqs, queue.queueUrl)).toMatchObject([{ Body: 'two' }]);
  });

  it('has what was deleted no more, and goes on counting tries', async () => {
    const dataDir = await tempDir();
    const first = await start({ dataDir });
    await send(first.sqs, first.queue.queueUrl, 'done', 'a');
    await send(first.sqs, first.queue.queueUrl, 'tried', 'b');
    const [done] = await receive(first.sqs, first.queue.queueUrl);
    await first.sqs.send(
      new DeleteMessageCommand({ QueueUrl: first.queue.queueUrl, ReceiptHandle: done?.ReceiptHandle }),
    );
    const [tried] = await receive(first.sqs, first.queue.queueUrl);
    await setVisibility(first, tried, 0);
    await first.queue.stop();

    const { queue, sqs } = await start({ dataDir });
    expect(await receive(sqs, queue.queueUrl, 1, 10)).toMatchObject([
      { Body: 'tried', Attributes: { ApproximateReceiveCount: '2' } },
    ]);
    expect(await receive(sqs, queue.queueUrl, 0, 10)).toEqual([]);
  });

  it('hands out again at once, in order, what was in work or resting when the last run ended', async () => {
    const dataDir = await tempDir();
    const first = await start({ dataDir });
    for (const [body, group] of [
      ['in work', 'a'],
      ['behind it', 'a'],
      ['resting', 'b'],
    ] as const) {
      await send(first.sqs, first.queue.queueUrl, body, group);
    }
    await receive(first.sqs, first.queue.queueUrl);
    const [resting] = await receive(first.sqs, first.queue.queueUrl);
    await setVisibility(first, resting, 3600);
    await first.queue.stop();

    const { queue, sqs } = await start({ dataDir });
    const messages = await receive(sqs, queue.queueUrl, 1, 10);
    expect(messages.map(({ Body }) => Body).sort()).toEqual(['in work', 'resting']);
    for (const { ReceiptHandle } of messages) {
      await sqs.send(new DeleteMessageCommand({ QueueUrl: queue.queueUrl, ReceiptHandle }));
    }
    expect(await receive(sqs, queue.queueUrl, 1)).toMatchObject([{ Body: 'behind it' }]);
  });

  it('hands out again at once a message whose visibility is set to 0', async () => {
    const { queue, sqs } = await start({ dataDir: await tempDir() });
    await send(sqs, queue.queueUrl, 'again');
    const [first] = await receive(sqs, queue.queueUrl);
    await setVisibility({ queue, sqs }, first, 0);
    expect(await receive(sqs, queue.queueUrl, 1)).toMatchObject([{ Body: 'again' }]);
  });
});
