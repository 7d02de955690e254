import { describe, expect, it } from '@jest/globals';
import type { SQSRecord } from 'aws-lambda';
import { startJobPoller } from '../../../lib/dev/job-poller.ts';
import {
  count,
  done,
  errors,
  poller,
  queue,
  seen,
  send,
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
