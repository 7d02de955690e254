import { describe, expect, it } from '@jest/globals';
import type { CrmClientOptions } from '../../../functions/crm/crm-client.ts';
import { CrmContactRefused, CrmHeld } from '../../../functions/crm/crm-errors.ts';
import type { CheckToken, CrmPace } from '../../../functions/crm/crm-pace.ts';
import { crm, type Reply, useCrmServer } from './crm-server.ts';

useCrmServer();

const right: Reply = { body: { users: [{ id: 'c1', tags: null }] } };

/** A pace that writes down what it is told, in order, with the number of calls by then. */
function watching(change: Partial<CrmPace> = {}): { pace: CrmPace; told: string[] } {
  const told: string[] = [];
  const tell = (text: string) => told.push(`${text} after ${crm.received.length}`);
  const pace: CrmPace = {
    admit() {
      tell('asked');
      return Promise.resolve('freely');
    },
    succeeded: () => Promise.resolve(void tell('answered')),
    failed(error) {
      tell(error.code);
      return Promise.resolve(error);
    },
    ...change,
  };
  return { pace, told };
}

/** Loads a contact, and gives what came of it and what the pace was told. */
async function paced(
  replies: Reply[],
  change: Partial<CrmPace> = {},
  options: Partial<CrmClientOptions> = {},
) {
  crm.answer(...replies);
  const { pace, told } = watching(change);
  const outcome = await crm
    .client('encharge', { pace, ...options })
    .load('c1')
    .then(
      () => 'loaded',
      (error: unknown) => error,
    );
  return { outcome, told };
}

/** A signal that fires while the CRM works, so many milliseconds after the call began. */
function firedAfter(ms: number) {
  const abort = new AbortController();
  const began = Date.parse('2026-03-01T12:00:00Z');
  let time = began;
  const reply: Reply = () => {
    time = began + ms;
    abort.abort();
  };
  return { reply, options: { signal: abort.signal, now: () => new Date(time) } };
}

describe('the pace of a connection', () => {
  it('is asked before a call, and told of an answer', async () => {
    const { outcome, told } = await paced([right]);
    expect(outcome).toBe('loaded');
    expect(told).toEqual(['asked after 0', 'answered after 1']);
  });

  it.each<[name: string, reply: Reply, code: string, calls: number]>([
    ['401', { status: 401 }, 'crm_credentials_rejected', 1],
    ['403', { status: 403 }, 'crm_credentials_rejected', 1],
    [
      'an HTML 403',
      { status: 403, body: '<html>', headers: { 'content-type': 'text/html' } },
      'crm_answer_invalid',
      1,
    ],
    ['429', { status: 429 }, 'crm_rate_limited', 1],
    ['503 twice', { status: 503 }, 'crm_unavailable', 2],
    ['404', { status: 404 }, 'contact_not_found', 1],
    ['what is no JSON', { body: 'garbage' }, 'crm_answer_invalid', 1],
    ['an unknown shape', { body: { people: [] } }, 'crm_answer_invalid', 1],
  ])('is told once what was wrong: %s', async (_name, reply, code, calls) => {
    const { outcome, told } = await paced([reply]);
    expect(outcome).toMatchObject({ code });
    expect(told).toEqual(['asked after 0', `${code} after ${calls}`]);
  });

  it('says whether a passing fault may be followed by a second try at once', async () => {
    expect(await paced([{ status: 503 }, right])).toEqual({
      outcome: 'loaded',
      told: ['asked after 0', 'answered after 2'],
    });
    const once = await paced([{ status: 503 }, right], { admit: () => Promise.resolve('once') });
    expect(once).toEqual({
      outcome: expect.objectContaining({ code: 'crm_unavailable' }),
      told: ['crm_unavailable after 1'],
    });
  });

  it('can forbid the call', async () => {
    const { outcome, told } = await paced([right], {
      admit: () => Promise.reject(new CrmHeld('crm_rate_limited')),
    });
    expect(outcome).toBeInstanceOf(CrmHeld);
    expect(crm.received).toEqual([]);
    expect(told).toEqual([]);
  });

  it('says what a failure means', async () => {
    const refused = new CrmContactRefused();
    const { outcome } = await paced([{ status: 403 }], { failed: () => Promise.resolve(refused) });
    expect(outcome).toBe(refused);
  });

  it.each([
    ['accepted', { body: { data: [] } }, undefined],
    ['rejected', { status: 401 }, 'crm_credentials_rejected'],
    ['not answered for', { status: 503 }, 'crm_unavailable'],
    [
      'answered for by a proxy',
      { body: '<html>', headers: { 'content-type': 'text/html' } },
      'crm_answer_invalid',
    ],
  ])('can have the token tried, by one call that is not asked for itself: %s', async (_name, reply, code) => {
    const tries: unknown[] = [];
    const failed = async (error: unknown, check: CheckToken) => {
      tries.push(await check().catch((failure: unknown) => Object(failure).code));
      return error;
    };
    const { told } = await paced([{ status: 403 }, reply], { failed });
    expect(tries).toEqual([code]);
    expect(told).toEqual(['asked after 0']);
    const [pull, test] = crm.received;
    expect(crm.received).toHaveLength(2);
    expect(test?.url).not.toBe(pull?.url);
    expect(test?.url).not.toContain('c1');
  });

  it('is told nothing of a fault that is not the CRM’s', async () => {
    const fault = Object.assign(new Error('x'), { name: 'AccessDeniedException', $metadata: {} });
    const { outcome, told } = await paced([right], {}, { credentials: () => Promise.reject(fault) });
    expect(outcome).toBe(fault);
    expect(told).toEqual(['asked after 0']);
  });

  it.each([
    [999, []],
    [1000, ['crm_unavailable after 1']],
  ])('hears of a call that ended with the invocation after %i ms: %j', async (ms, reported) => {
    const { reply, options } = firedAfter(ms);
    const { outcome, told } = await paced([reply], {}, options);
    expect(outcome).toMatchObject({ code: 'crm_unavailable' });
    expect(told).toEqual(['asked after 0', ...reported]);
  });
});
