import { request } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { descriptions } from '../../../lib/sandbox/descriptions.ts';
import type { Fault } from '../../../lib/sandbox/fault.ts';
import { startSandbox } from '../../../lib/sandbox/start-sandbox.ts';
import { at, callerOf, type ExchangeOptions } from './exchange.ts';
import { call, sandbox, useSandbox } from './use-sandbox.ts';

const adaId = descriptions.encharge.idOf(1);
const ada = `/people?people[0][id]=${adaId}`;
const rename = { method: 'POST', body: [{ id: adaId, firstName: 'Augusta' }] };
useSandbox('encharge');

describe('an error status in the words of the CRM', () => {
  it.each([401, 403, 404, 429, 500, 502, 503])('%i', async (status) => {
    sandbox.faults.inject({ status });
    const answer = await call(ada);
    expect(answer.status).toBe(status);
    expect(answer.json).toEqual({
      error: expect.objectContaining({ message: expect.any(String), traceId: expect.any(String) }),
    });
  });

  it('with a Retry-After', async () => {
    sandbox.faults.inject({ status: 429, retryAfter: 'Wed, 21 Oct 2026 07:28:00 GMT' });
    expect((await call(ada)).headers['retry-after']).toBe('Wed, 21 Oct 2026 07:28:00 GMT');
  });

  it('with a body of its own', async () => {
    sandbox.faults.inject({ status: 404, body: { error: { message: 'gone' } } });
    expect((await call(ada)).json).toEqual({ error: { message: 'gone' } });
  });
});

describe('an answer that is not the right one', () => {
  it.each<[fault: Fault, status: number, type: string, text: RegExp]>([
    [{ kind: 'html' }, 200, 'text/html', /^<!DOCTYPE html>/],
    [{ kind: 'html_status' }, 502, 'text/html', /^<!DOCTYPE html>/],
    [{ kind: 'html_status', status: 503 }, 503, 'text/html', /^<!DOCTYPE html>/],
    [{ kind: 'garbage' }, 200, 'application/json', /not json/],
    [{ kind: 'unknown_shape' }, 200, 'application/json', /^{"ok":true}$/],
  ])('%p', async (fault, status, type, text) => {
    sandbox.faults.inject(fault);
    const answer = await call(ada);
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toContain(type);
    expect(answer.text).toMatch(text);
  });

  it('truncate: complete HTTP, half the JSON', async () => {
    const whole = await call(ada);
    sandbox.faults.inject({ kind: 'truncate' });
    const { status, headers, bytes, json } = await call(ada);
    expect(status).toBe(200);
    expect(headers['content-length']).toBe(String(bytes.length));
    expect(bytes).toEqual(whole.bytes.subarray(0, Math.floor(whole.bytes.length / 2)));
    expect(json).toBeUndefined();
  });

  it.each<[kind: 'tags_absent' | 'tags_null' | 'no_tags_shape', tags: unknown]>([
    ['tags_absent', undefined],
    ['tags_null', null],
    ['no_tags_shape', { customer: true }],
  ])('%s: the person, but with %p for tags', async (kind, tags) => {
    sandbox.faults.inject({ kind });
    const { json } = await call(ada);
    expect(at(json, 'users', 0, 'email')).toBe('ada@example.com');
    expect(at(json, 'users', 0, 'tags')).toEqual(tags);
  });

  it('oversize: right, but more than 6 MB and of no announced length', async () => {
    const whole = await call(ada);
    sandbox.faults.inject({ kind: 'oversize' });
    const { headers, bytes, json } = await call(ada);
    expect(headers).not.toHaveProperty('content-length');
    expect(bytes.length).toBeGreaterThan(6 * 1024 * 1024);
    expect(json).toEqual(whole.json);
  });

  it.each<[fault: Fault, location: string]>([
    [{ kind: 'redirect' }, 'https://elsewhere.invalid/v1/people'],
    [{ kind: 'redirect', location: 'http://127.0.0.1:9/' }, 'http://127.0.0.1:9/'],
  ])('%p', async (fault, location) => {
    sandbox.faults.inject(fault);
    const { status, headers } = await call(ada);
    expect([status, headers.location]).toEqual([302, location]);
  });
});

describe('a connection that fails', () => {
  it.each<[fault: Fault, error: RegExp]>([
    [{ kind: 'reset' }, /ECONNRESET|socket hang up/],
    [{ kind: 'reset_after_headers' }, /aborted/],
    [{ kind: 'truncate_wrong_length' }, /aborted/],
  ])('%p', async (fault, error) => {
    sandbox.faults.inject({ ...fault, times: 1 });
    await expect(call(ada)).rejects.toThrow(error);
    expect((await call(ada)).status).toBe(200);
  });

  it('hang: nothing, until the sandbox stops', async () => {
    const other = await startSandbox('encharge', { token: 'fake-token' });
    other.faults.inject({ kind: 'hang' });
    const pending = callerOf(other)(ada);
    await until(() => other.requests.count() === 1);
    await Promise.all([other.stop(), expect(pending).rejects.toThrow(/hang up|ECONNRESET/)]);
    expect(other.requests.list()).toMatchObject([{ status: null }]);
  });

  it('slow_body: the headers, then byte after byte', async () => {
    sandbox.faults.inject({ kind: 'slow_body' });
    const url = `${sandbox.url}${ada}`;
    const first = await new Promise<{ length: number; chunk: string }>((resolve, reject) => {
      const sent = request(url, { headers: { 'x-encharge-token': 'fake-token' }, agent: false }, (answer) => {
        answer.once('data', (chunk: Buffer) => {
          resolve({ length: Number(answer.headers['content-length']), chunk: chunk.toString() });
          answer.on('error', () => undefined);
          sent.destroy();
        });
      });
      sent.on('error', reject);
      sent.end();
    });
    expect(first.chunk).toBe('{');
    expect(first.length).toBeGreaterThan(200);
  });
});

describe('a delay', () => {
  it.each<[applies: 'before' | 'after', name: string]>([
    ['before', 'Ada'],
    ['after', 'Augusta'],
  ])('%s the effect leaves %s meanwhile', async (applies, name) => {
    const other = await startSandbox('encharge', { token: 'fake-token' });
    other.faults.inject({ latencyMs: 600_000, applies, times: 1 });
    const pending = callerOf(other)('/people', rename);
    await until(() => other.faults.list().length === 0);
    expect(other.people.get(adaId)?.fields['firstName']).toBe(name);
    await Promise.all([other.stop(), expect(pending).rejects.toThrow(/hang up|ECONNRESET/)]);
  });

  it('comes with any other fault, and ends in the right answer alone', async () => {
    sandbox.faults.inject({ latencyMs: 1 });
    sandbox.faults.inject({ kind: 'unknown_shape', latencyMs: 1, times: 1 });
    expect((await call(ada)).json).toEqual({ ok: true });
    expect((await call(ada)).json).toMatchObject({ users: [{ firstName: 'Ada' }] });
  });

  it('outlives a client that did not wait', async () => {
    sandbox.faults.inject({ latencyMs: 20, times: 1 });
    const sent = request(`${sandbox.url}/people`, {
      method: 'POST',
      headers: { 'x-encharge-token': 'fake-token', 'content-type': 'application/json' },
      agent: false,
    });
    sent.on('error', () => undefined);
    sent.end(JSON.stringify(rename.body));
    await until(() => sandbox.faults.list().length === 0);
    sent.destroy();
    await until(() => sandbox.people.get(adaId)?.fields['firstName'] === 'Augusta');
    expect((await call(ada)).status).toBe(200);
  });
});

describe('a write that fails', () => {
  it.each<[fault: Fault, name: string]>([
    [{ status: 500 }, 'Ada'],
    [{ status: 500, applies: 'after' }, 'Augusta'],
    [{ kind: 'reset' }, 'Ada'],
    [{ kind: 'reset', applies: 'after' }, 'Augusta'],
    [{ kind: 'truncate' }, 'Augusta'],
  ])('%p leaves %s', async (fault, name) => {
    sandbox.faults.inject(fault);
    await call('/people', rename).catch(() => undefined);
    expect(sandbox.people.get(adaId)?.fields['firstName']).toBe(name);
  });
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

describe('several faults', () => {
  it('follow one another', async () => {
    sandbox.faults.inject({ status: 500, times: 2 });
    sandbox.faults.inject({ status: 429, times: 1 });
    const statuses = [];
    for (let n = 0; n < 4; n += 1) statuses.push((await call(ada)).status);
    expect(statuses).toEqual([500, 500, 429, 200]);
    expect(sandbox.requests.list().map(({ status }) => status)).toEqual(statuses);
  });

  it('list what is left of them', async () => {
    sandbox.faults.inject({ status: 500, times: 2 });
    sandbox.faults.inject({ latencyMs: 1 });
    await call(ada);
    expect(sandbox.faults.list()).toEqual([
      { kind: 'status', status: 500, times: 1, applies: 'before' },
      { kind: 'latency', latencyMs: 1, applies: 'before' },
    ]);
  });

  it.each<[filter: Fault, path: string, options: ExchangeOptions, struck: boolean]>([
    [{ method: 'POST' }, ada, {}, false],
    [{ method: 'post' }, '/people', rename, true],
    [{ pathContains: '/fields' }, ada, {}, false],
    [{ pathContains: '/fields' }, '/fields', {}, true],
    [{ pathContains: adaId }, ada, {}, true],
    [{ pathContains: 'people[0][id]' }, '/people?people%5B0%5D%5Bid%5D=x', {}, true],
    [{ method: 'GET', pathContains: 'people' }, '/people', rename, false],
  ])('strike only what they name: %p', async (filter, path, options, struck) => {
    sandbox.faults.inject({ ...filter, status: 503 });
    expect((await call(path, options)).status === 503).toBe(struck);
  });

  it.each<[fault: Fault, message: RegExp]>([
    [{}, /kind, a status or latencyMs/],
    [{ kind: 'status' }, /needs a status/],
    [{ kind: 'hang', status: 500 }, /has no status/],
    [{ kind: 'truncate', applies: 'before' }, /always applies after/],
    [{ status: 200 }, /400/],
    [{ latencyMs: -1 }, /latencyMs/],
    [{ status: 500, times: 0 }, /times/],
  ])('%p is none', (fault, message) => {
    expect(() => sandbox.faults.inject(fault)).toThrow(message);
    expect(sandbox.faults.list()).toEqual([]);
  });
});

it('requests are recorded with what was sent', async () => {
  await call(ada);
  await call('/nowhere');
  expect(sandbox.requests.list()).toEqual([
    {
      method: 'GET',
      path: '/v1/people',
      query: `people[0][id]=${adaId}`,
      status: 200,
      at: expect.stringMatching(/^\d{4}-.*Z$/),
    },
    expect.objectContaining({ path: '/v1/nowhere', query: '', status: 404 }),
  ]);
});
