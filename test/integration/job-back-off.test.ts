import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { queueSettings } from '../../functions/jobs/queue-settings.ts';
import type { Fault } from '../../lib/dev/sandbox/fault.ts';
import { createIo } from '../support/io.ts';
import { deliver, type TakenJob, takeJobs } from '../support/jobs.ts';
import { forgetPauses } from '../support/pauses.ts';
import { startTestStack, type TestStack } from '../support/test-stack.ts';
import { webhook } from '../support/webhook.ts';
import { newEmail, putContact } from './contacts.ts';
import { patientConfig } from './patient-config.ts';
import { drain } from './work.ts';

const io = createIo({ isPatient: false });
let test: TestStack;
beforeAll(async () => {
  test = await startTestStack({ config: patientConfig, withPoller: false, adjust: io.adjust });
});
afterEach(async () => {
  io.before = undefined;
  test.encharge.faults.clear();
  await forgetPauses(test);
  await drain(test, io);
});
afterAll(() => test.stop());

async function onlyJob(): Promise<TakenJob> {
  const [job, ...others] = await takeJobs(test);
  if (!job || others.length > 0) throw new Error(`There are ${others.length + (job ? 1 : 0)} jobs.`);
  return job;
}

async function updateJob(): Promise<TakenJob> {
  const id = putContact(test, 'encharge', { email: newEmail(), tags: [], custom: { user_pass: 'made up' } });
  await webhook(test, 'encharge', 'add', id);
  await webhook(test, 'encharge', 'update', id, { async: 'true' });
  return onlyJob();
}

/** The rests, in seconds, that the function has asked SQS for. */
const rests = () =>
  io.calls.flatMap(({ name, input }) =>
    name === 'ChangeMessageVisibility' ? [Object(input).VisibilityTimeout] : [],
  );

async function restAfter(job: TakenJob, receives: number): Promise<unknown[]> {
  await forgetPauses(test);
  io.clear();
  expect(await deliver(test, job, { receives })).toBe('failed');
  return rests();
}

describe('a job that keeps failing', () => {
  const seconds = [15, 30, 60, 120, 240, 480, 900, 900];

  it('rests longer after each try', async () => {
    const job = await updateJob();
    test.encharge.faults.inject({ status: 500 });
    const all: unknown[] = [];
    for (const receives of seconds.keys()) all.push(...(await restAfter(job, receives + 1)));
    expect(all).toEqual(seconds);
    const lines = test.log.filter(({ message, job_id }) => message === 'job' && job_id === job.job.id);
    expect(lines.map(({ attempt }) => attempt)).toEqual(seconds.map((_count, index) => index + 1));
  });

  it.each<[fault: Fault, receives: number, seconds: number]>([
    [{ status: 429, retryAfter: '3600' }, 1, 3600],
    [{ status: 503, retryAfter: '600' }, 2, 600],
    [{ status: 429, retryAfter: '600' }, 7, 900],
    [{ status: 429, retryAfter: '10' }, 1, 15],
    [{ status: 429, retryAfter: 'soon' }, 1, 15],
    [{ status: 429, retryAfter: '99999999' }, 1, 12 * 60 * 60 - queueSettings.visibilityTimeoutSeconds],
    [{ status: 401 }, 1, 15],
    [{ status: 500 }, queueSettings.maxReceives, 0],
  ])(
    'after %j rests as long as it was asked to, at least: try %i, %i s',
    async (fault, receives, seconds) => {
      const job = await updateJob();
      test.encharge.faults.inject(fault);
      expect(await restAfter(job, receives)).toEqual([seconds]);
    },
  );

  it('because of its effects rests as well', async () => {
    const id = putContact(test, 'encharge', { email: newEmail(), tags: [] });
    await webhook(test, 'encharge', 'add', id);
    test.encharge.faults.inject({ status: 429, retryAfter: '3600' });
    expect(await restAfter(await onlyJob(), 1)).toEqual([3600]);
  });

  it('because its user does not exist yet rests, and ends after two minutes', async () => {
    const id = putContact(test, 'encharge', { email: newEmail(), tags: [] });
    io.before = ({ name }) => {
      if (name === 'TransactWrite') throw new Error('died');
    };
    await webhook(test, 'encharge', 'add', id);
    io.before = undefined;
    const job = await onlyJob();
    expect(await restAfter(job, 1)).toEqual([15]);
    expect(test.log.at(-1)).toMatchObject({ action: 'effects', error_code: 'user_not_created_yet' });
    io.advance(61_000);
    expect(await restAfter(job, 2)).toEqual([30]);
    io.advance(120_000);
    expect(await deliver(test, job, { receives: 3 })).toBe('done');
    expect(test.log.at(-1)).toMatchObject({ action: 'effects', result: 'user_not_created' });
  });

  it('stays in the queue although not even its rest can be written', async () => {
    const job = await updateJob();
    test.encharge.faults.inject({ status: 500 });
    io.before = ({ name }) => {
      if (name === 'ChangeMessageVisibility') throw new Error('down');
    };
    expect(await deliver(test, job)).toBe('failed');
    expect(test.log.at(-2)).toMatchObject({ message: 'back-off failed' });
    expect(test.log.at(-1)).toMatchObject({
      action: 'update',
      result: 'failed',
      error_code: 'crm_unavailable',
    });
  });
});
