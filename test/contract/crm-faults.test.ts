import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Fault } from '../../lib/sandbox/fault.ts';
import { allItems } from '../integration/table-state.ts';
import { deliver, takeJobs, workOff } from '../support/jobs.ts';
import { forgetPace } from '../support/pace.ts';
import { crm, startTestStack, type TestStack } from '../support/test-stack.ts';
import { webhook } from '../support/webhook.ts';
import { withoutPasswords } from './configs.ts';
import { changeContact, newContact, newUser } from './contacts.ts';

/** Short, because some faults are only over when the sender's patience is. In milliseconds. */
const shortBudget = 1200;

let test: TestStack;
let impatient: TestStack;
beforeAll(async () => {
  const start = (responseBudgetMs: number) =>
    startTestStack({
      config: { ...withoutPasswords, responseBudgetMs },
      withPoller: false,
      // The pause before a second try is not what is tested here.
      adjust: (services) => ({ ...services, sleep: (ms, signal) => services.sleep(Math.min(ms, 5), signal) }),
    });
  test = await start(25_000);
  impatient = await start(shortBudget);
});
afterAll(async () => {
  await test.stop();
  await impatient.stop();
});
afterEach(async () => {
  for (const stack of [test, impatient]) {
    stack.encharge.faults.clear();
    await forgetPace(stack);
  }
});

const endless: [string, Fault][] = [
  ['hangs', { kind: 'hang' }],
  ['sends its answer byte by byte', { kind: 'slow_body' }],
];

/** One of each kind of fault, and the code that the log gives as the reason: the client's tests have all of them. */
const faults: [string, Fault, string][] = [
  ['resets the connection', { kind: 'reset' }, 'crm_unavailable'],
  ['sends half an answer', { kind: 'truncate' }, 'crm_answer_invalid'],
  ['sends a page with status 200', { kind: 'html' }, 'crm_answer_invalid'],
  ['sends a page with status 404', { kind: 'html_status', status: 404 }, 'crm_answer_invalid'],
  ['sends an unknown shape', { kind: 'unknown_shape' }, 'crm_answer_invalid'],
  ['sends tags of an unknown shape', { kind: 'no_tags_shape' }, 'crm_answer_invalid'],
  ['rejects our credentials with 401', { status: 401 }, 'crm_credentials_rejected'],
  ['says 410', { status: 410 }, 'crm_answer_invalid'],
  ['limits with 429 and Retry-After', { status: 429, retryAfter: '7' }, 'crm_rate_limited'],
  ['fails with 500', { status: 500 }, 'crm_unavailable'],
];

/** Webhooks for a user and for a contact without one meet the fault; then the CRM is well again. */
async function queuedThenApplied(stack: TestStack, fault: Fault, code: string) {
  const draft = { firstName: 'Before', tags: ['before', 'kept'], custom: { score: 1 } };
  const { id, user: before } = await newUser(stack, crm, draft);
  const unknown = newContact(stack, crm);
  changeContact(stack, crm, id, { firstName: 'After', tags: ['kept', 'after'], custom: { score: 2 } });
  const items = await allItems(stack.users);
  stack[crm].faults.inject(fault);

  const answers = await Promise.all([
    webhook(stack, crm, 'update_tags', id),
    webhook(stack, crm, 'update', id),
    webhook(stack, crm, 'add', id),
    webhook(stack, crm, 'add', unknown),
  ]);
  expect(await allItems(stack.users)).toEqual(items);
  const reasons = answers.map(({ status, body, headers }) => {
    expect([status, body.data?.result]).toEqual([202, 'queued']);
    const line = stack.log.find(({ request_id }) => request_id === headers.get('apigw-requestid'));
    expect(line).toMatchObject({ result: 'queued', job_id: body.data.job_id });
    return line?.['deferred_by'];
  });
  expect(reasons).toContain(code);
  // Those that came a moment later may have met the slower rate that the first one brought about.
  const heldFor = code === 'crm_answer_invalid' ? 'crm_unavailable' : code;
  expect(reasons.filter((reason) => reason !== code && reason !== heldFor)).toEqual([]);

  stack[crm].faults.clear();
  await forgetPace(stack);
  expect(new Set(await workOff(stack))).toEqual(new Set(['done']));
  const after = { id: before.id, tags: ['after', 'kept'], fields: { first_name: 'After', score: 2 } };
  expect(await stack.userOf(crm, id)).toMatchObject(after);
  expect(await stack.userOf(crm, unknown)).toBeDefined();
}

describe('the webhooks are queued, nothing changes, and they are applied later: the CRM', () => {
  it.each(endless)('%s', (_name, fault) => queuedThenApplied(impatient, fault, 'crm_unavailable'));
  it.each(faults)('%s', (_name, fault, code) => queuedThenApplied(test, fault, code));
});

describe('nothing changes, and the job waits: at work on it the CRM', () => {
  it.each<[string, Fault, string]>([
    ['resets the connection', { kind: 'reset' }, 'crm_unavailable'],
    ['sends half an answer', { kind: 'truncate' }, 'crm_answer_invalid'],
    ['sends tags of an unknown shape', { kind: 'no_tags_shape' }, 'crm_answer_invalid'],
    ['rejects our credentials', { status: 401 }, 'crm_credentials_rejected'],
    ['limits', { status: 429 }, 'crm_rate_limited'],
    ['fails', { status: 500 }, 'crm_unavailable'],
  ])('%s', async (_name, fault, code) => {
    const { id, user: before } = await newUser(test, crm, { tags: ['before'], custom: { score: 1 } });
    changeContact(test, crm, id, { tags: [], custom: { score: 2 } });
    await webhook(test, crm, 'update', id, { async: 'true' });
    test[crm].faults.inject(fault);
    const [job, ...others] = await takeJobs(test);
    if (!job) throw new Error('No job was queued.');
    expect(others).toEqual([]);
    for (const receives of [1, 2]) {
      await forgetPace(test);
      expect(await deliver(test, job, { receives })).toBe('failed');
      expect(test.log.at(-1)).toMatchObject({ result: 'failed', error_code: code, attempt: receives });
      expect(await test.userOf(crm, id)).toEqual(before);
    }
    test[crm].faults.clear();
    await forgetPace(test);
    expect(await deliver(test, job, { receives: 3 })).toBe('done');
    expect(test.log.at(-1)).toMatchObject({ result: 'updated', attempt: 3, job_id: job.job.id });
    expect(await test.userOf(crm, id)).toMatchObject({ tags: [], fields: { score: 2 } });
  });
});

describe('a passing fault is passed over: the CRM', () => {
  it.each([
    ['fails once', { status: 502, times: 1 }],
    ['resets the connection once', { kind: 'reset', times: 1 }],
  ] as const)('%s', async (_name, fault) => {
    const { id } = await newUser(test, crm, { tags: ['before'] });
    changeContact(test, crm, id, { tags: ['after'] });
    test[crm].faults.inject(fault);
    expect((await webhook(test, crm, 'update_tags', id)).body.data.result).toBe('updated');
    expect(await test.userOf(crm, id)).toMatchObject({ tags: ['after'] });
  });
});

describe('the response budget', () => {
  it('ends the wait for a CRM that never answers', async () => {
    impatient[crm].faults.inject({ kind: 'hang' });
    const { headers } = await webhook(impatient, crm, 'add', newContact(impatient, crm));
    const line = impatient.log.find(({ request_id }) => request_id === headers.get('apigw-requestid'));
    const { total } = Object(line?.['ms']);
    expect(total).toBeGreaterThanOrEqual(shortBudget - 50);
    // Far below the 10 seconds that one call of the CRM may take when nobody waits.
    expect(total).toBeLessThan(8000);
  });
});
