import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from '@jest/globals';
import { messageGroup } from '../../functions/jobs/job.ts';
import { type TurnRecord, turnKey } from '../../functions/pace/turn.ts';
import type { Fault } from '../../lib/sandbox/fault.ts';
import { deliver, type TakenJob, takeJobs } from '../support/jobs.ts';
import { forgetPace, paceStateOf } from '../support/pace.ts';
import { webhook } from '../support/webhook.ts';
import { newEmail, putContact } from './contacts.ts';
import {
  add,
  created,
  inAnotherProcess,
  io,
  newContact,
  rests,
  test,
  told,
  usePacedStack,
} from './paced-stack.ts';

usePacedStack();

/** A webhook's job, straight from the queue. */
async function jobFor(id: string, query: Record<string, string> = {}): Promise<TakenJob> {
  await webhook(test, 'encharge', 'add', id, { async: 'true', ...query });
  const job = (await takeJobs(test)).find(({ job: { contactId } }) => contactId === id);
  if (!job) throw new Error('No job was queued.');
  return job;
}

async function turnOf({ job }: TakenJob): Promise<TurnRecord | undefined> {
  const { documents, name } = test.users;
  const Key = turnKey(messageGroup(job));
  return (await documents.send(new GetCommand({ TableName: name, Key }))).Item as TurnRecord | undefined;
}

/** Hands a job out; answers what its line says, the calls it made, and its rest in seconds. */
async function handOut(job: TakenJob) {
  io.clear();
  const outcome = await deliver(test, job);
  const line = test.log.at(-1);
  return {
    outcome,
    result: line?.['result'],
    code: line?.['error_code'],
    calls: io.count('crm'),
    rests: rests(),
  };
}

/** The CRM limits everybody for so many seconds. */
async function limitFor(seconds: number): Promise<void> {
  test.encharge.faults.inject({ status: 429, retryAfter: String(seconds), times: 1 });
  await add('encharge');
  await takeJobs(test);
}

describe('a job that has to wait for its turn', () => {
  it('asks the queue to keep it until then, and loses no try', async () => {
    const job = await jobFor(newContact('encharge'));
    await limitFor(300);
    for (let hands = 0; hands < 25; hands += 1) {
      const out = await handOut(job);
      expect(out).toMatchObject({ outcome: 'failed', result: 'waiting', code: 'crm_rate_limited', calls: 0 });
      expect(out.rests).toHaveLength(1);
      expect(out.rests[0]).toBeGreaterThan(0);
      expect(out.rests[0]).toBeLessThanOrEqual(120);
    }
    expect(await turnOf(job)).toMatchObject({ failures: 0, own: 0, ticket: 1 });
    io.advance(301_000);
    expect(await handOut(job)).toMatchObject({ outcome: 'done', result: 'created', calls: 1 });
  });

  it('keeps its place in the line, whichever process it comes to', async () => {
    const jobs = [];
    for (let count = 0; count < 3; count += 1) jobs.push(await jobFor(newContact('encharge')));
    await limitFor(300);
    for (const job of [...jobs, ...jobs]) {
      await handOut(job);
      io.advance(1000);
      inAnotherProcess();
    }
    expect(await Promise.all(jobs.map(async (job) => (await turnOf(job))?.ticket))).toEqual([1, 2, 3]);
  });

  it.each(['welcome mail and password', 'webhook'])('is any job: %s', async (kind) => {
    const id =
      kind === 'webhook'
        ? newContact('encharge')
        : putContact(test, 'encharge', { email: newEmail(), tags: [] });
    if (kind !== 'webhook') await add('encharge', id);
    const job = kind === 'webhook' ? await jobFor(id) : (await takeJobs(test))[0];
    if (!job) throw new Error('No job was queued.');
    await limitFor(60);
    expect(await handOut(job)).toMatchObject({ outcome: 'failed', result: 'waiting', calls: 0 });
    io.advance(62_000);
    expect(await handOut(job)).toMatchObject({ outcome: 'done' });
    expect((await test.userOf('encharge', id))?.effects).toEqual({});
  });

  it('whose place cannot be written comes back, and is lost by nobody', async () => {
    const job = await jobFor(newContact('encharge'));
    await limitFor(300);
    io.before = ({ service, name, input }) => {
      if (service === 'dynamodb' && name === 'Put' && JSON.stringify(input).includes('"TURN#'))
        throw new Error('down');
    };
    expect(await deliver(test, job)).toBe('failed');
    io.before = undefined;
    io.advance(301_000);
    expect(await handOut(job)).toMatchObject({ outcome: 'done', result: 'created' });
  });
});

describe('a job that fails', () => {
  it('and is the only one that fails rests longer each time, with jitter, and keeps nobody else', async () => {
    const bad = newContact('encharge');
    const job = await jobFor(bad);
    test.encharge.faults.inject({ status: 500, pathContains: bad });
    await handOut(job);
    await forgetPace(test);
    for (let own = 1; own <= 12; own += 1) {
      const out = await handOut(job);
      expect(out).toMatchObject({ result: 'failed', code: 'crm_unavailable' });
      expect(out.rests[0]).toBeGreaterThanOrEqual(1);
      expect(out.rests[0]).toBeLessThanOrEqual(Math.min(10 * 2 ** own, 7200));
      expect(await turnOf(job)).toMatchObject({ own, failures: own + 1 });
      expect(await told(add('encharge'))).toEqual(created);
      io.advance(10_000);
    }
    expect(await paceStateOf(test, 'encharge')).toBeUndefined();
  });

  it.each<[name: string, fault: Fault, code: string]>([
    ['429 with a time', { status: 429, retryAfter: '3600' }, 'crm_rate_limited'],
    ['503 with a time', { status: 503, retryAfter: '600' }, 'crm_unavailable'],
  ])('rests as long as the CRM asked it to, though others go on before: %s', async (_name, fault, code) => {
    const id = newContact('encharge');
    const job = await jobFor(id);
    test.encharge.faults.inject({ ...fault, pathContains: id });
    const { rests: asked, ...out } = await handOut(job);
    expect(out).toEqual({ outcome: 'failed', result: 'failed', code, calls: 1 });
    expect(asked[0]).toBeGreaterThanOrEqual(Number(fault.retryAfter));
    expect(asked[0]).toBeLessThan(Number(fault.retryAfter) + 100);
    io.advance(301_000);
    expect(await told(add('encharge'))).toEqual(created);
  });

  it('counts once for an invocation, however many calls of it fail', async () => {
    const job = await jobFor(newContact('encharge'));
    test.encharge.faults.inject({ status: 401 });
    expect(await handOut(job)).toMatchObject({ result: 'failed', calls: 2 });
    expect(await turnOf(job)).toMatchObject({ failures: 1 });
  });

  it('because its user does not exist yet rests, and ends after two minutes', async () => {
    const id = putContact(test, 'encharge', { email: newEmail(), tags: [] });
    io.before = ({ name }) => {
      if (name === 'TransactWrite') throw new Error('died');
    };
    await add('encharge', id);
    io.before = undefined;
    const job = (await takeJobs(test)).find((taken) => taken.job.kind === 'effects');
    if (!job) throw new Error('No job was queued.');
    expect(await handOut(job)).toMatchObject({
      result: 'failed',
      code: 'user_not_created_yet',
      rests: [expect.any(Number)],
    });
    io.advance(61_000);
    expect(await handOut(job)).toMatchObject({ result: 'failed', code: 'user_not_created_yet' });
    io.advance(120_000);
    expect(await handOut(job)).toMatchObject({ outcome: 'done', result: 'user_not_created' });
  });

  it('stays in the queue although not even its rest can be written', async () => {
    const id = newContact('encharge');
    const job = await jobFor(id);
    test.encharge.faults.inject({ status: 500 });
    io.before = ({ name }) => {
      if (name === 'ChangeMessageVisibility') throw new Error('down');
    };
    expect(await handOut(job)).toMatchObject({
      outcome: 'failed',
      result: 'failed',
      code: 'crm_unavailable',
    });
    expect(test.log.at(-2)).toMatchObject({ message: 'back-off failed' });
  });

  it('and cannot be counted, because the table is down, is tried again', async () => {
    const job = await jobFor(newContact('encharge'));
    io.before = ({ service }) => {
      if (service === 'dynamodb') throw Object.assign(new Error('down'), { $metadata: {} });
    };
    const out = await handOut(job);
    expect(out).toMatchObject({ outcome: 'failed', result: 'failed', code: 'aws_unavailable', rests: [60] });
    expect(test.log.at(-2)).toMatchObject({ message: 'job not counted' });
  });
});

describe('the next job of a contact', () => {
  it('begins without the failures of the one before it', async () => {
    const id = newContact('encharge');
    const first = await jobFor(id);
    test.encharge.faults.inject({ status: 500, pathContains: id, times: 4 });
    for (let tries = 0; tries < 3; tries += 1) {
      await forgetPace(test);
      await handOut(first);
    }
    test.encharge.faults.clear();
    await forgetPace(test);
    expect(await handOut(first)).toMatchObject({ outcome: 'done' });
    const second = await jobFor(id);
    test.encharge.faults.inject({ status: 403, pathContains: id });
    await handOut(second);
    expect(await turnOf(second)).toMatchObject({ jobId: second.job.id, failures: 1, own: 1 });
  });

  it('is a batch’s in the batch’s line: it waits behind the live ones', async () => {
    const id = newContact('encharge');
    const accessKey = String(test.stack.connections['encharge']?.accessKey);
    const { request } = await import('../support/webhook.ts');
    const body = JSON.stringify([{ id }]);
    await request(test, { query: { wpf_action: 'add', access_key: accessKey }, body });
    const [job] = await takeJobs(test);
    if (!job) throw new Error('No job was queued.');
    await limitFor(300);
    await handOut(job);
    const { rate } = (await paceStateOf(test, 'encharge')) ?? {};
    io.advance(1000);
    await handOut(await jobFor(newContact('encharge')));
    const later = (await paceStateOf(test, 'encharge'))?.rate;
    expect([job.job.lane, rate?.batch.joined ?? 0, later?.live.joined]).toEqual([
      'batch',
      expect.any(Number),
      expect.any(Number),
    ]);
    expect(later?.batch.joined).toBe(1);
    expect(later?.live.joined).toBe(1);
  });
});
