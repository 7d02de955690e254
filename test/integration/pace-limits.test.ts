import { describe, expect, it } from '@jest/globals';
import { resume } from '../../functions/pace/pace-item.ts';
import type { Fault } from '../../lib/sandbox/fault.ts';
import { paceStateOf } from '../support/pace.ts';
import { crm } from '../support/test-stack.ts';
import { webhook } from '../support/webhook.ts';
import {
  add,
  check,
  created,
  held,
  inAnotherProcess,
  io,
  newContact,
  paceWrites,
  test,
  told,
  usePacedStack,
} from './paced-stack.ts';

usePacedStack();

const limited = 'crm_rate_limited';

/** The CRM limits one call, and is content from then on. */
async function limitOnce(fault: Fault): Promise<void> {
  test[crm].faults.inject({ ...fault, times: 1 });
  await add(crm);
}

describe('a CRM that limits our calls', () => {
  it.each<[name: string, fault: Fault, seconds: number, because: string]>([
    ['429 with a time', { status: 429, retryAfter: '120' }, 120, limited],
    ['429 with a time for ever', { status: 429, retryAfter: '86400' }, 300, limited],
    ['429 without one', { status: 429 }, 1, limited],
    ['429 that says "again now"', { status: 429, retryAfter: '0' }, 1, limited],
    ['503 with a time', { status: 503, retryAfter: '40' }, 40, 'crm_unavailable'],
    ['503 with a time for ever', { status: 503, retryAfter: '86400' }, 300, 'crm_unavailable'],
  ])('with %s: nobody calls before, whatever the process', async (_name, fault, seconds, because) => {
    test[crm].faults.inject(fault);
    expect(await told(add(crm))).toMatchObject({ answer: '202 queued', because, calls: 1 });
    test[crm].faults.clear();
    if (seconds > 1) {
      expect(await told(add(crm))).toEqual(held(because));
      inAnotherProcess();
      expect(await told(add(crm))).toEqual(held(because));
      // A webhook waits for its turn for a second at most.
      io.advance(seconds * 1000 - 1001);
      expect(await told(add(crm))).toEqual(held(because));
      io.advance(1);
    }
    io.advance(1000);
    inAnotherProcess();
    expect(await told(add(crm))).toEqual(created);
  });

  it('what needs no call is answered, and the other connection is not concerned', async () => {
    const other = 'userengage';
    await limitOnce({ status: 429, retryAfter: '120' });
    expect(await told(webhook(test, crm, 'update', newContact(crm)))).toMatchObject({
      answer: '200 user_not_found',
      calls: 0,
    });
    expect(await told(add(other))).toEqual(created);
    expect(await paceStateOf(test, other)).toBeUndefined();
  });

  it('`resume` puts it back to normal', async () => {
    await limitOnce({ status: 429, retryAfter: '86400' });
    expect(await told(add(crm))).toEqual(held(limited));
    const before = await resume(test.users, crm);
    expect(before?.rate).toMatchObject({ reason: 'rate_limited' });
    inAnotherProcess();
    expect(await told(add(crm))).toEqual(created);
    expect(await paceStateOf(test, crm)).toBeUndefined();
  });

  it('`resume` counts in a process too that knows of the limit', async () => {
    await limitOnce({ status: 429, retryAfter: '86400' });
    await resume(test.users, crm);
    expect(await told(add(crm))).toEqual(created);
  });

  it('a test may call, and says how slow it is', async () => {
    await limitOnce({ status: 429, retryAfter: '120' });
    const answer = await check(crm);
    expect(answer.status).toBe(200);
    expect(answer.body.data.pace).toEqual({
      reason: limited,
      since: io.now().toISOString(),
      calls_per_second: 1,
      waiting: 0,
    });
  });
});

describe('a burst', () => {
  it('meets a limit once, but for the calls that were under way', async () => {
    test.encharge.faults.inject({ status: 429, retryAfter: '60', latencyMs: 50 });
    const ids = Array.from({ length: 64 }, () => newContact('encharge'));
    io.clear();
    const answers = await Promise.all(ids.map((id) => add('encharge', id)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    const underWay = io.count('crm');
    expect(underWay).toBeLessThanOrEqual(64);
    // One cut, however many were refused: they had been let through before it.
    expect((await paceStateOf(test, 'encharge'))?.rate).toMatchObject({ perSecond: 1, epoch: 1 });
    io.clear();
    await Promise.all(ids.map((id) => add('encharge', id)));
    expect(io.count('crm')).toBe(0);
    // Whoever only is held back leaves the shared item alone.
    expect(paceWrites().length).toBeLessThanOrEqual(1);
  });
});

describe('the rate', () => {
  it('is forgotten after some quiet minutes, and with it the item', async () => {
    await limitOnce({ status: 429 });
    for (let seconds = 0; seconds < 170; seconds += 10) {
      io.advance(10_000);
      expect(await told(add('encharge'))).toEqual(created);
    }
    expect(await paceStateOf(test, 'encharge')).toBeDefined();
    for (let seconds = 0; seconds < 30; seconds += 10) {
      io.advance(10_000);
      await add('encharge');
    }
    expect(await paceStateOf(test, 'encharge')).toBeUndefined();
  });

  it.each<[name: string, fault: Fault]>([
    ['a reset', { kind: 'reset' }],
    ['a shape that nobody knows', { kind: 'unknown_shape' }],
  ])('falls by %s as well', async (_name, fault) => {
    test.encharge.faults.inject(fault);
    await add('encharge');
    expect((await paceStateOf(test, 'encharge'))?.rate).toMatchObject({
      reason: 'unavailable',
      perSecond: 4,
    });
  });

  it('does not fall for a contact that is not there: that is an answer', async () => {
    test.encharge.faults.inject({ status: 404 });
    await add('encharge');
    expect(await paceStateOf(test, 'encharge')).toBeUndefined();
  });

  it('that cannot be written holds in this process, is told to the operator, and costs the webhook nothing', async () => {
    io.before = ({ service, name }) => {
      if (service === 'dynamodb' && name === 'Put')
        throw Object.assign(new Error('throttled'), { $metadata: {} });
    };
    test.encharge.faults.inject({ status: 429, retryAfter: '60' });
    expect(await told(add('encharge'))).toMatchObject({ answer: '202 queued', because: limited });
    const problems = test.log.filter(({ message }) => message === 'pace not written');
    expect(problems[0]).toMatchObject({ connection: 'encharge' });
  });
});
