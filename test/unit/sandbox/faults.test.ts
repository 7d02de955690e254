import { request } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { enchargeSeedId } from '../../../lib/sandbox/encharge-person.ts';
import type { Fault } from '../../../lib/sandbox/fault.ts';
import type { Sandbox } from '../../../lib/sandbox/sandbox.ts';
import { startSandbox } from '../../../lib/sandbox/start-sandbox.ts';
import { type Call, callerOf } from './exchange.ts';

const ada = `/people?people[0][id]=${enchargeSeedId(1)}`;
const rename = { method: 'POST', body: [{ id: enchargeSeedId(1), firstName: 'Augusta' }] };

let encharge: Sandbox<'encharge'>;
let userengage: Sandbox<'userengage'>;
let callEncharge: Call;
let callUserEngage: Call;

beforeAll(async () => {
  encharge = await startSandbox('encharge', { token: 'fake-token' });
  userengage = await startSandbox('userengage', { token: 'fake-token' });
  callEncharge = callerOf(encharge);
  callUserEngage = callerOf(userengage);
});
afterEach(() => {
  for (const { people, faults, requests } of [encharge, userengage]) {
    people.reset();
    faults.clear();
    requests.clear();
  }
});
afterAll(() => Promise.all([encharge.stop(), userengage.stop()]));

describe('an error status in the words of the CRM', () => {
  const enchargeBody = {
    error: expect.objectContaining({ message: expect.any(String), traceId: expect.any(String) }),
  };
  const userEngageBody = { detail: expect.any(String) };

  it.each([401, 403, 404, 429, 500, 502, 503])('%i', async (status) => {
    encharge.faults.inject({ status });
    userengage.faults.inject({ status });
    const answers = [await callEncharge(ada), await callUserEngage('users/1/')];
    expect(answers.map((answer) => answer.status)).toEqual([status, status]);
    expect(answers.map(({ json }) => json)).toEqual([enchargeBody, userEngageBody]);
  });

  it('with a Retry-After', async () => {
    encharge.faults.inject({ status: 429, retryAfter: 'Wed, 21 Oct 2026 07:28:00 GMT' });
    expect((await callEncharge(ada)).headers['retry-after']).toBe('Wed, 21 Oct 2026 07:28:00 GMT');
  });

  it('with a body of its own', async () => {
    encharge.faults.inject({ status: 404, body: { error: { message: 'gone' } } });
    expect((await callEncharge(ada)).json).toEqual({ error: { message: 'gone' } });
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
    encharge.faults.inject(fault);
    const answer = await callEncharge(ada);
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toContain(type);
    expect(answer.text).toMatch(text);
  });

  it('truncate: complete HTTP, half the JSON', async () => {
    const whole = await callEncharge(ada);
    encharge.faults.inject({ kind: 'truncate' });
    const { status, headers, bytes, json } = await callEncharge(ada);
    expect(status).toBe(200);
    expect(headers['content-length']).toBe(String(bytes.length));
    expect(bytes).toEqual(whole.bytes.subarray(0, Math.floor(whole.bytes.length / 2)));
    expect(json).toBeUndefined();
  });

  it('no_tags_shape: the person, but not its tags', async () => {
    encharge.faults.inject({ kind: 'no_tags_shape' });
    userengage.faults.inject({ kind: 'no_tags_shape' });
    const tags = { customer: true };
    expect((await callEncharge(ada)).json).toMatchObject({ users: [{ email: 'ada@example.com', tags }] });
    expect((await callUserEngage('users/1/')).json).toMatchObject({ email: 'ada@example.com', tags });
  });

  it('oversize: right, but more than 6 MB and of no announced length', async () => {
    const whole = await callEncharge(ada);
    encharge.faults.inject({ kind: 'oversize' });
    const { headers, bytes, json } = await callEncharge(ada);
    expect(headers).not.toHaveProperty('content-length');
    expect(bytes.length).toBeGreaterThan(6 * 1024 * 1024);
    expect(json).toEqual(whole.json);
  });

  it.each<[fault: Fault, location: string]>([
    [{ kind: 'redirect' }, 'https://elsewhere.invalid/api/public/users/1/'],
    [{ kind: 'redirect', location: 'http://127.0.0.1:9/' }, 'http://127.0.0.1:9/'],
  ])('%p', async (fault, location) => {
    userengage.faults.inject(fault);
    const { status, headers } = await callUserEngage('users/1/');
    expect([status, headers.location]).toEqual([302, location]);
  });
});

describe('a connection that fails', () => {
  it.each<[fault: Fault, error: RegExp]>([
    [{ kind: 'reset' }, /ECONNRESET|socket hang up/],
    [{ kind: 'reset_after_headers' }, /aborted/],
    [{ kind: 'truncate_wrong_length' }, /aborted/],
  ])('%p', async (fault, error) => {
    encharge.faults.inject({ ...fault, times: 1 });
    await expect(callEncharge(ada)).rejects.toThrow(error);
    expect((await callEncharge(ada)).status).toBe(200);
  });

  it('hang: nothing, until the sandbox stops', async () => {
    const sandbox = await startSandbox('encharge', { token: 'fake-token' });
    sandbox.faults.inject({ kind: 'hang' });
    const pending = callerOf(sandbox)(ada);
    await until(() => sandbox.requests.count() === 1);
    await Promise.all([sandbox.stop(), expect(pending).rejects.toThrow(/hang up|ECONNRESET/)]);
    expect(sandbox.requests.list()).toMatchObject([{ status: null }]);
  });

  it('slow_body: the headers, then byte after byte', async () => {
    encharge.faults.inject({ kind: 'slow_body' });
    const url = `${encharge.url}${ada}`;
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
    expect(first.length).toBeGreaterThan(300);
  });
});

describe('a delay', () => {
  it.each<[applies: 'before' | 'after', name: string]>([
    ['before', 'Ada'],
    ['after', 'Augusta'],
  ])('%s the effect leaves %s meanwhile', async (applies, name) => {
    const sandbox = await startSandbox('encharge', { token: 'fake-token' });
    sandbox.faults.inject({ latencyMs: 600_000, applies, times: 1 });
    const pending = callerOf(sandbox)('/people', rename);
    await until(() => sandbox.faults.list().length === 0);
    expect(sandbox.people.get(enchargeSeedId(1))?.firstName).toBe(name);
    await Promise.all([sandbox.stop(), expect(pending).rejects.toThrow(/hang up|ECONNRESET/)]);
  });

  it('comes with any other fault, and ends in the right answer alone', async () => {
    encharge.faults.inject({ latencyMs: 1 });
    encharge.faults.inject({ kind: 'unknown_shape', latencyMs: 1, times: 1 });
    expect((await callEncharge(ada)).json).toEqual({ ok: true });
    expect((await callEncharge(ada)).json).toMatchObject({ users: [{ firstName: 'Ada' }] });
  });

  it('outlives a client that did not wait', async () => {
    encharge.faults.inject({ latencyMs: 20, times: 1 });
    const sent = request(`${encharge.url}/people`, {
      method: 'POST',
      headers: { 'x-encharge-token': 'fake-token', 'content-type': 'application/json' },
      agent: false,
    });
    sent.on('error', () => undefined);
    sent.end(JSON.stringify(rename.body));
    await until(() => encharge.faults.list().length === 0);
    sent.destroy();
    await until(() => encharge.people.get(enchargeSeedId(1))?.firstName === 'Augusta');
    expect((await callEncharge(ada)).status).toBe(200);
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
    encharge.faults.inject(fault);
    await callEncharge('/people', rename).catch(() => undefined);
    expect(encharge.people.get(enchargeSeedId(1))?.firstName).toBe(name);
  });
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
