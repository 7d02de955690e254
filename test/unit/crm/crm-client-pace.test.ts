import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CrmClientOptions } from '../../../functions/crm/crm-client.ts';
import { CrmPaused } from '../../../functions/crm/crm-errors.ts';
import type { UsherError } from '../../../functions/errors.ts';
import { type CrmServer, type Reply, startCrmServer } from './crm-server.ts';

let crm: CrmServer;
beforeAll(async () => {
  crm = await startCrmServer();
});
afterAll(() => crm.stop());

const right: Reply = { body: { users: [{ id: 'c1', tags: null }] } };

/** Loads a contact, and gives what came of it and what the pace was told, in order. */
async function paced(reply: Reply, options: Partial<CrmClientOptions> = {}) {
  crm.answer(reply);
  const told: string[] = [];
  const pace = {
    admit: () => Promise.resolve(void told.push(`asked after ${crm.received.length}`)),
    report: (error?: UsherError) =>
      Promise.resolve(void told.push(error?.code ?? `answered ${crm.received.length}`)),
  };
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
    const { outcome, told } = await paced(right);
    expect(outcome).toBe('loaded');
    expect(told).toEqual(['asked after 0', 'answered 1']);
  });

  it.each<[name: string, reply: Reply, code: string]>([
    ['401', { status: 401 }, 'crm_credentials_rejected'],
    ['429', { status: 429 }, 'crm_rate_limited'],
    ['503 twice', { status: 503 }, 'crm_unavailable'],
    ['404', { status: 404 }, 'contact_not_found'],
  ])('is told once what was wrong: %s', async (_name, reply, code) => {
    const { outcome, told } = await paced(reply);
    expect(outcome).toMatchObject({ code });
    expect(told).toEqual(['asked after 0', code]);
  });

  it('is told of an answer even if nobody can read it', async () => {
    const { outcome, told } = await paced({ body: 'garbage' });
    expect(outcome).toMatchObject({ code: 'crm_answer_invalid' });
    expect(told).toEqual(['asked after 0', 'answered 1']);
  });

  it('can forbid the call', async () => {
    const pace = {
      admit: () => Promise.reject(new CrmPaused(7)),
      report: () => Promise.reject(new Error('There was no call to tell of.')),
    };
    const { outcome } = await paced(right, { pace });
    expect(outcome).toMatchObject({ code: 'crm_paused', retryAfterSeconds: 7 });
    expect(crm.received).toEqual([]);
  });

  it('is told nothing of a fault that is not the CRM’s', async () => {
    const fault = Object.assign(new Error('x'), { name: 'AccessDeniedException', $metadata: {} });
    const { outcome, told } = await paced(right, { apiToken: () => Promise.reject(fault) });
    expect(outcome).toBe(fault);
    expect(told).toEqual(['asked after 0']);
  });

  it.each([
    [999, []],
    [1000, ['crm_unavailable']],
  ])('hears of a call that ended with the invocation after %i ms: %j', async (ms, reported) => {
    const { reply, options } = firedAfter(ms);
    const { outcome, told } = await paced(reply, options);
    expect(outcome).toMatchObject({ code: 'crm_unavailable' });
    expect(told).toEqual(['asked after 0', ...reported]);
  });
});
