import { once } from 'node:events';
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { type HttpFront, type HttpHandler, startHttpFront } from '../../../lib/dev/http-front.ts';
import { LocalStackError } from '../../../lib/dev/local-stack-error.ts';
import { canConnect } from './processes.ts';

let front: HttpFront;
let errors: unknown[] = [];

afterEach(async () => {
  await front.stop();
  errors = [];
});

async function start(
  handler: HttpHandler,
  timeouts: { functionTimeoutMs?: number; integrationTimeoutMs?: number } = {},
): Promise<void> {
  front = await startHttpFront(handler, { port: 0, onError: (error) => errors.push(error), ...timeouts });
}

const echo = (event: APIGatewayProxyEventV2, context: Context) =>
  Promise.resolve({
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ event, left: context.getRemainingTimeInMillis() }),
  });

interface Echo {
  event: APIGatewayProxyEventV2;
  left: number;
}

describe('startHttpFront', () => {
  it('hands the request to the handler and its answer back', async () => {
    await start(echo, { functionTimeoutMs: 10_000 });
    const answer = await fetch(`${front.url}/?a=1&a=2`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-access-key': 'fake' },
      body: 'contact_id=ż',
    });

    const { event, left } = (await answer.json()) as Echo;
    expect(event).toMatchObject({
      version: '2.0',
      rawPath: '/',
      rawQueryString: 'a=1&a=2',
      queryStringParameters: { a: '1,2' },
      headers: { 'x-access-key': 'fake', 'content-length': '13' },
      requestContext: { http: { method: 'POST', sourceIp: '127.0.0.1' } },
      body: Buffer.from('contact_id=ż').toString('base64'),
      isBase64Encoded: true,
    });
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(10_000);
    expect(answer.headers.get('apigw-requestid')).toBe(event.requestContext.requestId);
    expect(front.url).toBe(`http://127.0.0.1:${front.port}`);
  });

  it('gives every request an id like those of API Gateway', async () => {
    await start(echo);
    const ids = await Promise.all(
      Array.from({ length: 50 }, async () => (await fetch(front.url)).headers.get('apigw-requestid')),
    );
    expect(new Set(ids).size).toBe(50);
    for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9+/]{15}=$/);
  });

  it('answers 500 for a handler that throws, and reports it', async () => {
    await start(() => Promise.reject(new Error('broken')));
    const answer = await fetch(front.url);
    expect(answer.status).toBe(500);
    expect(await answer.json()).toEqual({ message: 'Internal Server Error' });
    expect(errors).toEqual([new Error('broken')]);
  });

  it('answers 500 for headers that cannot be sent, and reports it', async () => {
    await start(() => Promise.resolve({ statusCode: 200, headers: { 'x-bad': 'a\nb' }, body: 'abc' }));
    const answer = await fetch(front.url);
    expect(answer.status).toBe(500);
    expect(await answer.json()).toEqual({ message: 'Internal Server Error' });
    expect(errors).toMatchObject([{ code: 'ERR_INVALID_CHAR' }]);
  });

  it.each([
    { bytes: 10 * 1024 * 1024, chunked: false, status: 200 },
    { bytes: 10 * 1024 * 1024 + 1, chunked: false, status: 413 },
    { bytes: 10 * 1024 * 1024 + 1, chunked: true, status: 413 },
  ])('answers $status to a body of $bytes bytes, chunked: $chunked', async ({ bytes, chunked, status }) => {
    let calls = 0;
    await start((event) => {
      calls += 1;
      return Promise.resolve({ statusCode: event.body?.length === bytes ? 200 : 400 });
    });
    const request = httpRequest(front.url, { method: 'POST', headers: { 'content-type': 'text/plain' } });
    const body = Buffer.alloc(bytes, 'a');
    if (chunked) request.write(body.subarray(0, 1000));
    request.end(chunked ? body.subarray(1000) : body);

    const [response] = (await once(request, 'response')) as [IncomingMessage];
    const answer = await text(response);
    expect(response.statusCode).toBe(status);
    expect(calls).toBe(status === 200 ? 1 : 0);
    if (status === 413) expect(JSON.parse(answer)).toEqual({ message: 'Request Entity Too Large' });
  });

  it.each([
    { functionTimeoutMs: 5000, integrationTimeoutMs: 50, status: 503, message: 'Service Unavailable' },
    { functionTimeoutMs: 50, integrationTimeoutMs: 5000, status: 500, message: 'Internal Server Error' },
  ])('answers $status when time is over', async ({ status, message, ...timeouts }) => {
    const never = Promise.withResolvers<never>();
    await start(() => never.promise, timeouts);
    const answer = await fetch(front.url);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toEqual({ message });
    expect(errors).toMatchObject([{ name: 'TimedOut' }]);
  });

  it('says which port is taken', async () => {
    await start(echo);
    const again = startHttpFront(echo, { port: front.port, onError: () => undefined });
    await expect(again).rejects.toBeInstanceOf(LocalStackError);
    await expect(again).rejects.toThrow(`Port ${front.port} for the webhook is taken`);
  });

  it('listens on the loopback address only', async () => {
    await start(echo);
    expect(await canConnect('127.0.0.2', front.port)).toBe(false);
  });

  it('waits for the requests under way when it stops, then closes what is kept alive', async () => {
    const started = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    await start(async () => {
      started.resolve();
      await release.promise;
      return { statusCode: 200, body: 'made it' };
    });
    const agent = new Agent({ keepAlive: true });
    const request = httpRequest(front.url, { agent });
    const answered = once(request, 'response') as Promise<[IncomingMessage]>;
    request.end();
    await started.promise;

    let stopped = false;
    const stopping = front.stop().then(() => {
      stopped = true;
    });
    await sleep(50);
    expect(stopped).toBe(false);
    release.resolve();
    const [response] = await answered;
    expect(await text(response)).toBe('made it');
    await stopping;
    expect(await canConnect('127.0.0.1', front.port)).toBe(false);
    agent.destroy();
    await start(echo);
  });

  it('bears clients that leave before and after their request is complete', async () => {
    const release = Promise.withResolvers<void>();
    const started = Promise.withResolvers<void>();
    await start(async (event) => {
      if (event.rawPath === '/wait') {
        started.resolve();
        await release.promise;
      }
      return { statusCode: 200 };
    });
    const early = connect(front.port, '127.0.0.1');
    early.write(`POST / HTTP/1.1\r\nhost: 127.0.0.1:${front.port}\r\ncontent-length: 10\r\n\r\nabc`);
    const late = connect(front.port, '127.0.0.1');
    late.write(`GET /wait HTTP/1.1\r\nhost: 127.0.0.1:${front.port}\r\n\r\n`);
    await started.promise;
    early.destroy();
    late.destroy();
    await Promise.all([once(early, 'close'), once(late, 'close')]);
    release.resolve();

    expect((await fetch(front.url)).status).toBe(200);
    expect(errors).toEqual([]);
  });
});
