import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { descriptions } from '../../../lib/sandbox/descriptions.ts';
import type { Fault } from '../../../lib/sandbox/fault.ts';
import type { Sandbox } from '../../../lib/sandbox/sandbox.ts';
import { startSandbox } from '../../../lib/sandbox/start-sandbox.ts';
import { type Call, callerOf, type ExchangeOptions } from './exchange.ts';

const adaId = descriptions.encharge.idOf(1);
const ada = `/people?people[0][id]=${adaId}`;
const rename = { method: 'POST', body: [{ id: adaId, firstName: 'Augusta' }] };

let sandbox: Sandbox;
let call: Call;

beforeAll(async () => {
  sandbox = await startSandbox('encharge', { token: 'fake-token' });
  call = callerOf(sandbox);
});
afterEach(() => {
  sandbox.people.reset();
  sandbox.faults.clear();
  sandbox.requests.clear();
});
afterAll(() => sandbox.stop());

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
