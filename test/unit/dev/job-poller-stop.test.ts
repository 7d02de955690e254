import { describe, expect, it } from '@jest/globals';
import { startJobPoller } from '../../../lib/dev/job-poller.ts';
import {
  count,
  done,
  errors,
  poller,
  queue,
  seen,
  send,
  setPoller,
  sqs,
  start,
  usePolledQueue,
} from './polled-queue.ts';
import { until } from './processes.ts';

usePolledQueue();

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
