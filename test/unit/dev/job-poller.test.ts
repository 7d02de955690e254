import {
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
import { describe, expect, it } from '@jest/globals';
import type { SQSRecord } from 'aws-lambda';
import { startJobPoller } from '../../../lib/dev/job-poller.ts';
import { startQueue } from '../../../lib/dev/queue.ts';
import {
  count,
  done,
  errors,
  poller,
  queue,
  seen,
  send,
  setPoller,
  setQueue,
  sqs,
  start,
  usePolledQueue,
} from './polled-queue.ts';
import { until } from './processes.ts';

usePolledQueue();

describe('startJobPoller', () => {
  it('hands on every message with what the queue knows of it, and deletes it', async () => {
    const records: SQSRecord[] = [];
    let left = 0;
    await start((record, context) => {
      records.push(record);
      left = context.getRemainingTimeInMillis();
      return done;
    });
    await send('one', 'a');
    await poller?.idle();

    expect(records).toMatchObject([
      {
        body: 'one',
        attributes: { ApproximateReceiveCount: '1', MessageGroupId: 'a' },
        messageAttributes: { kind: { dataType: 'String', stringValue: 'test' } },
        eventSource: 'aws:sqs',
        eventSourceARN: 'arn:aws:sqs:eu-west-1:000000000000:usher-jobs.fifo',
      },
    ]);
    expect(Number(records[0]?.attributes.SentTimestamp)).toBeGreaterThan(Date.now() - 60_000);
    expect(left).toBeGreaterThan(5_000);
    expect(await count()).toEqual({ visible: 0, taken: 0 });
    expect(errors).toEqual([]);
  });

  it("works on groups in parallel and on a group's messages in order, one at a time", async () => {
    const working = new Map<string, number>();
    const allFour = Promise.withResolvers<void>();
    let most = 0;
    const groups = ['a', 'b', 'c', 'd'];
    for (const number of [1, 2, 3, 4, 5]) for (const group of groups) await send(`${group}${number}`, group);
    await start(async ({ attributes: { MessageGroupId: group = '' } }) => {
      expect(working.get(group)).toBeUndefined();
      working.set(group, 1);
      most = Math.max(most, working.size);
      if (working.size === groups.length) allFour.resolve();
      // Nobody goes on before every group is being worked on.
      await allFour.promise;
      working.delete(group);
    });
    await poller?.idle();

    expect(most).toBe(4);
    for (const group of groups) {
      const order = seen.filter((body) => body.startsWith(group));
      expect(order).toEqual([1, 2, 3, 4, 5].map((number) => `${group}${number}`));
    }
  });

  it('is not idle as long as there is work', async () => {
    const release = Promise.withResolvers<void>();
    for (const group of ['a', 'b', 'c']) await send(group, group);
    await start(() => release.promise, { pollers: 1 });
    let idle = false;
    const waiting = poller?.idle().then(() => {
      idle = true;
    });
    await until(() => seen.length === 1);
    await count();
    expect(idle).toBe(false);
    release.resolve();
    await waiting;
    expect(seen).toEqual(['a', 'b', 'c']);
  });

  it('does not start without a queue', async () => {
    const options = { sqs, pollers: 1, functionTimeoutMs: 1000, onError: () => undefined };
    const starting = startJobPoller(() => done, {
      ...options,
      queueUrl: `${queue.queueUrl}.none`,
    });
    await expect(starting).rejects.toThrow('queue does not exist');
  });
});

async function setAttributes(attributes: {
  visibilityTimeout?: number;
  maxReceives?: number;
}): Promise<void> {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: queue.deadLetterUrl, AttributeNames: ['QueueArn'] }),
  );
  await sqs.send(
    new SetQueueAttributesCommand({
      QueueUrl: queue.queueUrl,
      Attributes: {
        VisibilityTimeout: String(attributes.visibilityTimeout ?? 60),
        RedrivePolicy: JSON.stringify({
          deadLetterTargetArn: Attributes?.['QueueArn'],
          maxReceiveCount: attributes.maxReceives ?? 10,
        }),
      },
    }),
  );
}

describe('startJobPoller', () => {
  it.each([
    { how: 'throws', fail: () => Promise.reject(new Error('broken')), reported: ['broken'] },
    {
      how: 'reports it as failed',
      fail: ({ messageId }: SQSRecord) =>
        Promise.resolve({ batchItemFailures: [{ itemIdentifier: messageId }] }),
      reported: [],
    },
  ])('leaves a message whose handler $how until its visibility ends', async ({ fail, reported }) => {
    await setAttributes({ visibilityTimeout: 1 });
    const counts: string[] = [];
    await send('first');
    await send('second');
    await start(async (record) => {
      counts.push(`${record.body} ${record.attributes.ApproximateReceiveCount}`);
      return counts.length === 1 ? fail(record) : done;
    });
    await until(() => counts.length === 3);
    await poller?.idle();

    // What comes after it in its group waits for it.
    expect(counts).toEqual(['first 1', 'first 2', 'second 1']);
    expect(errors.map((error) => (error as Error).message)).toEqual(reported);
    expect(await count()).toEqual({ visible: 0, taken: 0 });
  });

  it('deletes of a batch what did not fail', async () => {
    for (const group of ['a', 'b', 'c']) await send(group, group);
    let failing: string | undefined;
    const batches = await startJobPoller(
      ({ Records }) => {
        seen.push(...Records.map(({ body }) => body));
        failing = Records[1]?.messageId;
        return Promise.resolve({ batchItemFailures: [{ itemIdentifier: failing }] });
      },
      {
        sqs,
        queueUrl: queue.queueUrl,
        pollers: 1,
        batchSize: 10,
        functionTimeoutMs: 1_000,
        onError: (error) => errors.push(error),
        endLongPolls: queue.endLongPolls,
      },
    );
    setPoller(batches);
    await batches.idle();
    expect(seen).toEqual(['a', 'b', 'c']);
    expect(await count()).toEqual({ visible: 0, taken: 1 });

    // It stays hidden for a minute: only a look into the emulator can name it.
    const queues = await fetch(`${queue.endpoint}/_fauxqs/queues/usher-jobs.fifo`);
    const { messages } = (await queues.json()) as { messages: { inflight: { message: object }[] } };
    expect(messages.inflight).toMatchObject([{ message: { messageId: failing, body: 'b' } }]);
  });

  it('leaves a message whose handler takes too long', async () => {
    const never = Promise.withResolvers<never>();
    await start(() => never.promise, { functionTimeoutMs: 30 });
    await send('slow');
    await until(() => errors.length === 1);
    expect(errors).toMatchObject([{ name: 'TimedOut' }]);
    await poller?.idle();
    expect(await count()).toEqual({ visible: 0, taken: 1 });
  });

  it('leaves it to the queue to put aside what failed too often', async () => {
    await setAttributes({ visibilityTimeout: 1, maxReceives: 2 });
    await send('hopeless', 'a');
    await send('fine', 'b');
    await start(({ body }) => (body === 'hopeless' ? Promise.reject(new Error('broken')) : done));
    await until(async () => (await count(queue.deadLetterUrl)).visible === 1);
    await poller?.idle();

    expect(seen.toSorted()).toEqual(['fine', 'hopeless', 'hopeless']);
    expect(await count()).toEqual({ visible: 0, taken: 0 });
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: queue.deadLetterUrl }));
    expect(Messages).toMatchObject([{ Body: 'hopeless' }]);
  });

  it('reports a queue that does not answer, and goes on when it does again', async () => {
    await start(() => done, { pollers: 1 });
    const port = Number(new URL(queue.endpoint).port);
    await queue.stop();
    await until(() => errors.length >= 2);
    setQueue(await startQueue({ port }));
    await send('one');
    await poller?.idle();
    expect(seen).toEqual(['one']);
  });
});

describe('startJobPoller', () => {
  it('waits for the work under way when it stops, and leaves the rest', async () => {
    const release = Promise.withResolvers<void>();
    await send('one', 'a');
    await send('two', 'b');
    await start(() => release.promise, { pollers: 1 });
    await until(() => seen.length === 1);

    let stopped = false;
    const stopping = poller?.stop().then(() => {
      stopped = true;
    });
    await count();
    expect(stopped).toBe(false);
    release.resolve();
    await stopping;
    expect(seen).toEqual(['one']);
    expect(await count()).toEqual({ visible: 1, taken: 0 });
  });

  it('stops in the middle of a long poll, and takes nothing after that', async () => {
    await start(() => done);
    for (const body of ['one', 'two', 'three', 'four', 'five']) {
      await send(body);
      await poller?.idle();
    }
    await poller?.stop();
    await send('six');
    expect(await count()).toEqual({ visible: 1, taken: 0 });
    expect(errors).toEqual([]);
  });

  it('stops a queue whose long polls it cannot end, too', async () => {
    const stopping = await startJobPoller(() => done, {
      sqs,
      queueUrl: queue.queueUrl,
      pollers: 4,
      functionTimeoutMs: 1_000,
      onError: (error) => errors.push(error),
    });
    setPoller(stopping);
    await stopping.stop();
    expect(errors).toEqual([]);
  });
});
