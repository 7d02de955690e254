import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { WebhookJob } from '../../functions/jobs/job.ts';
import { resume } from '../../functions/pace/pace-item.ts';
import type { Fault } from '../../lib/sandbox/fault.ts';
import { deliver, type TakenJob, takeJobs } from '../support/jobs.ts';
import { paceStateOf } from '../support/pace.ts';
import { crm } from '../support/test-stack.ts';
import { keyOf, request, type WebhookAnswer, webhook } from '../support/webhook.ts';
import { newEmail } from './contacts.ts';
import {
  add,
  check,
  created,
  held,
  inAnotherProcess,
  io,
  newContact,
  paceWrites,
  rests,
  test,
  told,
  usePacedStack,
} from './paced-stack.ts';
import { drain } from './work.ts';

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

const contacts = (count: number) => Array.from({ length: count }, () => newContact('encharge'));

function send(elements: readonly unknown[]): Promise<WebhookAnswer> {
  return request(test, {
    query: { wpf_action: 'add', access_key: keyOf(test) },
    body: JSON.stringify(elements),
  });
}

/** SQS takes the calls that hold none of these contacts, and fails the others. */
function refuse(ids: readonly string[], isRefused = true): void {
  io.before = ({ name, input }) => {
    const text = JSON.stringify(input);
    if (name === 'SendMessageBatch' && isRefused && ids.some((id) => text.includes(id))) {
      throw Object.assign(new Error('down'), { $metadata: {} });
    }
  };
}

const elementsOf = (ids: readonly string[]) => ids.map((id) => ({ id }));
const taken = async () => (await takeJobs(test)).map(({ job }) => job);

describe('a batch of which a part could not be stored', () => {
  it('is 503 with Retry-After, says which elements are missing, and which jobs are there', async () => {
    const ids = contacts(25);
    refuse([String(ids[12])]);
    const answer = await send(elementsOf(ids));
    io.before = undefined;
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '30']);
    const missing = [10, 11, 12, 13, 14, 15, 16, 17, 18, 19];
    expect(answer.body).toEqual({
      success: false,
      error: { code: 'unavailable', message: expect.stringContaining('Send it again') },
      not_queued: missing,
      job_ids: expect.any(Array),
      request_id: answer.headers.get('apigw-requestid'),
    });
    const jobs = await taken();
    expect(jobs.map(({ id }) => id).sort()).toEqual([...answer.body.job_ids].sort());
    const stored = ids.filter((_id, index) => !missing.includes(index));
    expect(jobs.map(({ contactId }) => contactId).sort()).toEqual(stored.sort());
    expect(test.log.at(-1)).toMatchObject({ status: 503, error_code: 'unavailable', jobs: 15 });
  });

  it('names the elements by their places in the body, whatever else stands there', async () => {
    const [one = '', two = '', three = ''] = contacts(3);
    refuse([one]);
    const answer = await send([{}, { id: one }, null, { id: two }, { id: one }, { id: three }]);
    expect(answer.body).toMatchObject({ not_queued: [1, 3, 5], job_ids: [] });
  });

  it('can be completed with the elements that are missing', async () => {
    const ids = contacts(25);
    refuse([String(ids[24])]);
    const { body } = await send(elementsOf(ids));
    io.before = undefined;
    const rest = (body.not_queued as number[]).map((index) => String(ids[index]));
    expect(rest).toEqual(ids.slice(20));
    expect((await send(elementsOf(rest))).status).toBe(202);
    await drain(test, io);
    for (const id of ids) expect(await test.userOf('encharge', id)).toBeDefined();
  });

  it('is stored once when SQS took it, and only its answer was lost', async () => {
    const ids = contacts(10);
    let lost = 0;
    io.after = ({ name }) => {
      if (name === 'SendMessageBatch' && lost++ === 0)
        throw Object.assign(new Error('reset'), { $metadata: {} });
    };
    const answer = await send(elementsOf(ids));
    io.after = undefined;
    expect([answer.status, answer.body.not_queued]).toEqual([503, ids.map((_id, index) => index)]);
    expect(await taken()).toHaveLength(10);
  });
});

const passwordless = { user_pass: 'made-up-password' };
const notThere = { answer: '202 queued', because: 'contact_not_found', calls: 2 };

/** A contact that the CRM shows from now on. */
const show = (id: string) =>
  test.encharge.people.put({ id, email: newEmail(), tags: ['late'], fields: passwordless });

async function jobOf(id: string): Promise<TakenJob & { job: WebhookJob }> {
  const taken = (await takeJobs(test)).find(({ job }) => job.contactId === id);
  if (taken?.job.kind !== 'webhook') throw new Error('No job was queued.');
  return { ...taken, job: taken.job };
}

/** Hands the job out at each age in seconds, and answers how many calls that took, what it came to, and its rest. */
async function deliverAt(job: TakenJob, ages: readonly number[]) {
  const began = Date.parse(job.job.createdAt);
  const outcomes: unknown[] = [];
  for (const [index, age] of ages.entries()) {
    io.advance(began + age * 1000 - io.now().getTime());
    io.clear();
    const outcome = await deliver(test, job, { receives: index + 1 });
    const { result, error_code } = test.log.at(-1) ?? {};
    outcomes.push([io.count('crm'), outcome, result, error_code, ...rests()]);
  }
  return outcomes;
}

const again = (calls: number, rest: number) => [calls, 'failed', 'failed', 'contact_not_found', rest];
const over = [1, 'done', 'refused', 'contact_not_found'];

describe('a contact that the CRM does not show yet', () => {
  it('is looked for a second time, and the webhook is applied', async () => {
    const id = randomUUID();
    let pulls = 0;
    io.before = ({ service }) => {
      if (service === 'crm' && ++pulls === 2) show(id);
    };
    expect(await told(add('encharge', id))).toEqual({ ...created, calls: 2 });
  });

  it('goes to the queue then, and an add looks three times more before it is refused', async () => {
    const id = randomUUID();
    expect(await told(add('encharge', id))).toEqual(notThere);
    const job = await jobOf(id);
    expect(job.job.after).toBe('contact_not_found');
    expect(await deliverAt(job, [1, 60, 180, 360])).toEqual([
      again(0, 59),
      again(1, 120),
      again(1, 180),
      over,
    ]);
    expect(await test.userOf('encharge', id)).toBeUndefined();
  });

  it.each([60, 180, 360])('is found by its job at %i seconds', async (age) => {
    const id = randomUUID();
    await add('encharge', id);
    const job = await jobOf(id);
    show(id);
    expect(await deliverAt(job, [age])).toEqual([[1, 'done', 'created', undefined]]);
    expect(await test.userOf('encharge', id)).toMatchObject({ tags: ['late'] });
  });

  it.each(['add', 'update', 'update_tags'])(
    'for %s of a user one look follows, after five minutes',
    async (action) => {
      const id = newContact('encharge');
      await add('encharge', id);
      test.encharge.people.remove(id);
      expect(await told(webhook(test, 'encharge', action, id))).toEqual(notThere);
      const job = await jobOf(id);
      const first = action === 'add' ? [again(0, 59), again(1, 240)] : [again(0, 299)];
      expect(await deliverAt(job, action === 'add' ? [1, 60, 300] : [1, 300])).toEqual([...first, over]);
      expect(await test.userOf('encharge', id)).toMatchObject({ tags: ['new'] });
    },
  );

  it('asked for with async gets the same looks', async () => {
    const id = randomUUID();
    await webhook(test, 'encharge', 'add', id, { async: 'true' });
    const job = await jobOf(id);
    expect(await deliverAt(job, [0, 60, 180, 360])).toEqual([
      again(1, 60),
      again(1, 120),
      again(1, 180),
      over,
    ]);
  });

  it('is told to a test at once', async () => {
    expect(await told(webhook(test, 'encharge', 'test', randomUUID()))).toMatchObject({
      answer: '422 contact_not_found',
      calls: 1,
    });
  });

  it('keeps nobody else waiting, and its looks cost no try', async () => {
    const id = randomUUID();
    await add('encharge', id);
    expect(await told(add('encharge'))).toEqual(created);
    const job = await jobOf(id);
    for (let hands = 0; hands < 30; hands += 1) expect(await deliver(test, job)).toBe('failed');
    show(id);
    expect(await deliverAt(job, [60])).toEqual([[1, 'done', 'created', undefined]]);
  });
});
