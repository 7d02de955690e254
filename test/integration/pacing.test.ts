import { describe, expect, it } from '@jest/globals';
import { toleratedFailures } from '../../functions/pacing/pause.ts';
import { beginPause, lengthenPause } from '../../functions/pacing/pause-item.ts';
import type { Fault } from '../../lib/dev/sandbox/fault.ts';
import { deliver, takeJobs } from '../support/jobs.ts';
import { pauseOf } from '../support/pauses.ts';
import { webhook } from '../support/webhook.ts';
import { crms, newEmail, putContact } from './contacts.ts';
import { add, held, inAnotherProcess, io, newContact, test, told, usePacedStack } from './paced-stack.ts';
import { drain } from './work.ts';

usePacedStack();

describe.each(crms)('while a pause of the CRM %s lasts', (crm) => {
  it.each<[name: string, fault: Fault, seconds: number, because: string]>([
    ['429 with a time', { status: 429, retryAfter: '120' }, 120, 'crm_rate_limited'],
    ['429 without one', { status: 429 }, 15, 'crm_rate_limited'],
    ['429 that says "again now"', { status: 429, retryAfter: '0' }, 15, 'crm_rate_limited'],
    ['503 with a time', { status: 503, retryAfter: '40' }, 40, 'crm_unavailable'],
    ['401', { status: 401 }, 15, 'crm_credentials_rejected'],
    ['403', { status: 403 }, 15, 'crm_credentials_rejected'],
  ])('after %s, nobody calls it', async (_name, fault, seconds, because) => {
    test[crm].faults.inject(fault);
    expect(await told(add(crm))).toEqual({ answer: '202 queued', because, calls: 1 });
    expect(await told(add(crm))).toEqual(held);
    inAnotherProcess();
    expect(await told(add(crm))).toEqual(held);
    io.advance(seconds * 1000 - 1);
    expect(await told(add(crm))).toEqual(held);

    test[crm].faults.clear();
    io.advance(1);
    expect(await told(add(crm))).toEqual({ answer: '200 created', because: undefined, calls: 1 });
    expect(await pauseOf(test, crm)).toBeUndefined();
  });

  it('what needs no call is answered, and the other connection is not concerned', async () => {
    const other = crm === 'encharge' ? 'userengage' : 'encharge';
    test[crm].faults.inject({ status: 429, retryAfter: '120' });
    await add(crm);
    expect(await told(webhook(test, crm, 'update', newContact(crm)))).toMatchObject({
      answer: '200 user_not_found',
    });
    expect(await told(add(other))).toMatchObject({ answer: '200 created' });
  });

  it('jobs rest until it is over, without a call', async () => {
    const ids = [newContact(crm), newContact(crm), newContact(crm)];
    test[crm].faults.inject({ status: 429, retryAfter: '1800' });
    for (const id of ids) await add(crm, id);
    const jobs = await takeJobs(test);
    expect(jobs).toHaveLength(ids.length);
    io.clear();
    for (const job of jobs) expect(await deliver(test, job)).toBe('failed');
    expect(io.count('crm')).toBe(0);
    expect(test.log.at(-1)).toMatchObject({
      result: 'paused',
      error_code: 'crm_paused',
      paused_for: 'rate_limited',
      crm_calls: 0,
    });
    for (const { name, input } of io.calls.filter(({ service }) => service === 'sqs')) {
      expect(name).toBe('ChangeMessageVisibility');
      const { VisibilityTimeout } = Object(input);
      expect(VisibilityTimeout).toBeGreaterThanOrEqual(1800);
      expect(VisibilityTimeout).toBeLessThan(1810);
    }
    io.advance(1_801_000);
    test[crm].faults.clear();
    for (const job of jobs) expect(await deliver(test, job, { receives: 2 })).toBe('done');
    for (const id of ids) expect(await test.userOf(crm, id)).toMatchObject({ tags: ['new'] });
  });

  it('so does a password that has to be written', async () => {
    const id = putContact(test, crm, { email: newEmail(), tags: [] });
    await webhook(test, crm, 'add', id);
    const [job] = await takeJobs(test);
    if (!job) throw new Error('No job was queued.');
    test[crm].faults.inject({ status: 429, retryAfter: '60' });
    await add(crm);
    io.clear();
    expect(await deliver(test, job)).toBe('failed');
    expect([io.count('crm'), test.log.at(-1)?.['error_code']]).toEqual([0, 'crm_paused']);
    test[crm].faults.clear();
    io.advance(61_000);
    expect(await deliver(test, job, { receives: 2 })).toBe('done');
    expect((await test.userOf(crm, id))?.effects).toEqual({});
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
    await Promise.all(ids.map((id) => add('encharge', id)));
    expect(io.count('crm')).toBe(underWay);
    expect((await pauseOf(test, 'encharge'))?.rounds).toBe(1);

    test.encharge.faults.clear();
    io.advance(61_000);
    await drain(test, io);
    for (const id of ids) expect(await test.userOf('encharge', id)).toBeDefined();
  });
});

it('calls that were under way when a pause began add none of their own, but a later time that they were told', async () => {
  const users = { ...test.users, now: io.now };
  const pause = { reason: 'rate_limited', seconds: 60, callBegan: io.now() } as const;
  expect(await beginPause(users, 'encharge', pause)).toEqual({});
  const first = await pauseOf(test, 'encharge');
  io.advance(1);
  expect(await beginPause(users, 'encharge', pause)).toBeUndefined();
  expect(await pauseOf(test, 'encharge')).toEqual(first);
  await lengthenPause(users, 'encharge', 30);
  expect(await pauseOf(test, 'encharge')).toEqual(first);
  await lengthenPause(users, 'encharge', 120);
  const until = new Date(io.now().getTime() + 120_000).toISOString();
  expect(await pauseOf(test, 'encharge')).toEqual({ ...first, until, stamp: expect.any(String) });
});

describe('a CRM that fails without a word', () => {
  const down: Fault = { status: 503 };

  it('is left alone after five failures in a row, not before', async () => {
    test.encharge.faults.inject(down);
    for (let failure = 1; failure <= toleratedFailures; failure += 1) {
      expect(await told(add('encharge'))).toMatchObject({ because: 'crm_unavailable' });
    }
    expect(await told(add('encharge'))).toEqual(held);
    expect(await pauseOf(test, 'encharge')).toMatchObject({ reason: 'unavailable', rounds: 1 });
  });

  it('is not, when it answers in between', async () => {
    for (let round = 0; round < 3; round += 1) {
      test.encharge.faults.inject(down);
      for (let failure = 1; failure < toleratedFailures; failure += 1) await add('encharge');
      test.encharge.faults.clear();
      expect(await told(add('encharge'))).toMatchObject({ answer: '200 created' });
      expect(await pauseOf(test, 'encharge')).toBeUndefined();
    }
  });

  it('that it has no such contact is an answer', async () => {
    test.encharge.faults.inject(down);
    for (let failure = 1; failure < toleratedFailures; failure += 1) await add('encharge');
    test.encharge.faults.clear();
    test.encharge.faults.inject({ status: 404 });
    await add('encharge');
    expect(await pauseOf(test, 'encharge')).toBeUndefined();
  });
});

describe('a pause that cannot be written', () => {
  it('holds in this process, is told to the operator, and costs the webhook nothing', async () => {
    io.before = ({ name }) => {
      if (name === 'Update') throw Object.assign(new Error('throttled'), { $metadata: {} });
    };
    test.encharge.faults.inject({ status: 429, retryAfter: '60' });
    expect(await told(add('encharge'))).toMatchObject({ because: 'crm_rate_limited' });
    expect(test.log.at(-2)).toMatchObject({ message: 'pause not written', connection: 'encharge' });
    expect(await told(add('encharge'))).toEqual(held);
  });
});
