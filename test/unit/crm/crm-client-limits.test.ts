import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, jest } from '@jest/globals';
import { crm, useCrmServer } from './crm-server.ts';

useCrmServer();

const megabyte = 1024 * 1024;
const ada = { id: 'c1', email: 'ada@example.com', tags: 'a' };
const contactOf = (size: number) => {
  const body = JSON.stringify({ users: [ada] });
  return body + ' '.repeat(size - body.length);
};
const thrownBy = (work: Promise<unknown>) =>
  work.then(
    () => 'nothing',
    (error: unknown) => error,
  );

/** Answers by hand, and tells when the connection is gone. */
function held(start: (response: ServerResponse) => void) {
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
  crm.answer((response) => {
    response.on('close', resolve);
    start(response);
    arrive();
  });
  return { arrived, closed };
}

describe('a large answer', () => {
  it('of 5 MB is read', async () => {
    crm.answer({ body: contactOf(5 * megabyte) });
    expect(await crm.client('encharge').load('c1')).toMatchObject({ id: 'c1' });
  });

  it('of one byte more is not', async () => {
    crm.answer({ body: contactOf(5 * megabyte + 1) });
    expect(await thrownBy(crm.client('encharge').load('c1'))).toMatchObject({
      code: 'crm_answer_invalid',
      message: expect.stringContaining('larger than 5 MB'),
    });
    expect(crm.received).toHaveLength(1);
  });

  it('without end is cut off, and its connection with it', async () => {
    const chunk = Buffer.alloc(256 * 1024, 0x20);
    let sent = 0;
    const { closed } = held((response) => {
      response.writeHead(200);
      const more = () => {
        while (!response.destroyed && response.write(chunk)) sent += chunk.length;
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    });
    expect(await thrownBy(crm.client('encharge').load('c1'))).toMatchObject({ code: 'crm_answer_invalid' });
    await closed;
    expect(sent).toBeLessThan(64 * megabyte);
  });
});

describe('time', () => {
  const starts: [name: string, start: (response: ServerResponse) => void][] = [
    ['before the headers', () => undefined],
    ['before the body', (response) => response.writeHead(200).flushHeaders()],
    ['within the body', (response) => response.writeHead(200).write('{"users":[')],
  ];

  it.each(starts)('of one call runs out %s', async (_name, start) => {
    const { arrived, closed } = held(start);
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate', 'performance', 'Date'] });
    const loading = thrownBy(crm.client('encharge', { timeoutMs: 5000 }).load('c1'));
    await arrived;
    jest.advanceTimersByTime(5000);
    jest.useRealTimers();
    expect(await loading).toMatchObject({ code: 'crm_unavailable', retryable: true });
    await closed;
    expect(crm.received).toHaveLength(1);
    expect(crm.calls).toEqual([{ template: 'people' }]);
  });

  it.each(starts)('of the webhook runs out %s', async (_name, start) => {
    const { arrived, closed } = held(start);
    const abort = new AbortController();
    const loading = thrownBy(crm.client('encharge', { signal: abort.signal }).load('c1'));
    await arrived;
    abort.abort();
    expect(await loading).toMatchObject({ code: 'crm_unavailable', retryable: true });
    await closed;
    expect(crm.received).toHaveLength(1);
  });

  it('of the webhook runs out in the pause before another try', async () => {
    crm.answer({ status: 503 });
    const abort = new AbortController();
    const sleep = async (ms: number, signal: AbortSignal) => {
      abort.abort();
      await delay(ms, undefined, { signal });
    };
    const thrown = await thrownBy(crm.client('encharge', { signal: abort.signal, sleep }).load('c1'));
    expect(thrown).toMatchObject({
      code: 'crm_unavailable',
      retryable: true,
      cause: { name: 'AbortError' },
    });
    expect(crm.received).toHaveLength(1);
    expect(crm.calls).toHaveLength(1);
  });

  it('that has run out before makes no call', async () => {
    crm.answer({ body: { users: [ada] } });
    const thrown = await thrownBy(crm.client('encharge', { signal: AbortSignal.abort() }).load('c1'));
    expect(thrown).toMatchObject({ code: 'crm_unavailable' });
    expect(crm.received).toEqual([]);
  });

  it('does not run out between the bytes of an answer that comes in time', async () => {
    crm.answer((response) => {
      const bytes = Buffer.from(JSON.stringify({ users: [ada] }));
      response.writeHead(200);
      void (async () => {
        for (const byte of bytes) {
          if (!response.write(Uint8Array.of(byte))) await once(response, 'drain');
          await new Promise((resolve) => setImmediate(resolve));
        }
        response.end();
      })();
    });
    expect(await crm.client('encharge').load('c1')).toMatchObject({ id: 'c1' });
  });
});
