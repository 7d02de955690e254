import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { HttpRequest, HttpResponse } from '@smithy/core/protocols';
import { createTransport } from '../../../functions/crm/transport.ts';

/** What the SDK's handler is given for a URL. */
async function handed(url: string, body?: string) {
  const requests: HttpRequest[] = [];
  const signals: unknown[] = [];
  const transport = createTransport({
    handle(request, options) {
      requests.push(request as HttpRequest);
      signals.push(options?.abortSignal);
      const answer = { statusCode: 200, headers: { 'x-a': 'b' }, body: Readable.from([Buffer.from('done')]) };
      return Promise.resolve({ response: new HttpResponse(answer) });
    },
  });
  const { signal } = new AbortController();
  const headers = { 'x-token': 'fake' };
  const response = await transport(
    { method: 'POST', url: new URL(url), headers, ...(body === undefined ? {} : { body }) },
    signal,
  );
  expect(signals).toEqual([signal]);
  expect(response).toEqual({ status: 200, headers: { 'x-a': 'b' }, body: 'done' });
  const [request] = requests;
  expect(request).toBeInstanceOf(HttpRequest);
  return request;
}

describe('a request', () => {
  it.each([
    ['https://api.example.com/v1/people?a=1', 'https:', undefined, 'api.example.com'],
    ['http://127.0.0.1:8080/v1/people?a=1', 'http:', 8080, '127.0.0.1:8080'],
  ])('to %s', async (url, protocol, port, host) => {
    const request = await handed(url, '{}');
    expect(request).toMatchObject({ method: 'POST', protocol, port, path: '/v1/people?a=1', body: '{}' });
    expect(request?.headers).toEqual({ host, 'accept-encoding': 'identity', 'x-token': 'fake' });
  });
});
