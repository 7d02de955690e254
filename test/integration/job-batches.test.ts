import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Message } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { SQSBatchResponse } from 'aws-lambda';
import { createLambdaContext } from '../../lib/dev/lambda-context.ts';
import { toSqsEvent } from '../../lib/dev/sqs-event.ts';
import { createIo, type IoCall } from '../support/io.ts';
import { takeJobs } from '../support/jobs.ts';
import { forgetPace } from '../support/pace.ts';
import { patientConfig } from '../support/patient-config.ts';
import { startTestStack, type TestStack } from '../support/test-stack.ts';
import { request, webhook } from '../support/webhook.ts';
import { newEmail, putContact } from './contacts.ts';
import { drain } from './work.ts';

const io = createIo({ isPatient: false });
let test: TestStack;
beforeAll(async () => {
  test = await startTestStack({ config: patientConfig, withPoller: false, adjust: io.adjust });
});
afterEach(async () => {
  io.before = undefined;
  test.encharge.faults.clear();
  await forgetPace(test);
  await drain(test, io);
  await forgetPace(test);
  io.clear();
});
afterAll(() => test.stop());

const custom = { user_pass: 'made up' };
const newContact = () => putContact(test, 'encharge', { email: newEmail(), tags: [], custom });

/** The jobs of so many new contacts, as the queue hands them out. */
async function messagesFor(count: number): Promise<{ id: string; message: Message }[]> {
  const ids = Array.from({ length: count }, newContact);
  for (const id of ids) await webhook(test, 'encharge', 'add', id, { async: 'true' });
  const taken = await takeJobs(test);
  return ids.map((id) => {
    const found = taken.find(({ job }) => job.contactId === id);
    if (!found) throw new Error('The queue has not handed out every job.');
    return { id, message: found.message };
  });
}

/** The same message as one of the other's group. */
const behind = (first: Message, { Attributes, ...message }: Message): Message => ({
  ...message,
  Attributes: { ...Attributes, MessageGroupId: String(first.Attributes?.MessageGroupId) },
});

/** Runs the function with a batch. Answers the messages that stay in the queue. */
async function handle(messages: readonly Message[], leftMs: () => number = () => 30_000): Promise<string[]> {
  const event = toSqsEvent(messages, 'arn:aws:sqs:eu-west-1:000000000000:usher-jobs.fifo');
  const context = { ...createLambdaContext({ timeoutMs: 30_000 }), getRemainingTimeInMillis: leftMs };
  const { batchItemFailures } = (await test.stack.handler(event, context)) as SQSBatchResponse;
  return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
}

const contactOf = ({ input }: IoCall) => String(new URL(Object(input).url).searchParams.get('people[0][id]'));
const isPull = ({ service }: IoCall) => service === 'crm';
const jobLines = (from: number) => test.log.slice(from).filter(({ message }) => message === 'job');

/** What the function has told the queue: for how many seconds nobody gets a message. */
const rests = () =>
  io.calls
    .filter(({ name }) => name === 'ChangeMessageVisibility')
    .map(({ input }) => [Object(input).ReceiptHandle, Object(input).VisibilityTimeout] as const);

/** A CRM that has answered so many jobs well, as far as this process knows. */
async function prove(count: number): Promise<void> {
  expect(await handle((await messagesFor(count)).map(({ message }) => message))).toEqual([]);
}

/** A call that nobody answers: it ends when the function gives it up. */
const unanswered = ({ signal }: IoCall): Promise<never> =>
  new Promise((_resolve, reject) => {
    const end = () => reject(Object.assign(new Error('aborted'), { name: 'AbortError' }));
    signal?.addEventListener('abort', end);
  });

describe('a batch of jobs', () => {
  it('is worked on side by side, once the CRM has answered some well', async () => {
    await prove(4);
    const jobs = await messagesFor(4);
    const all = Promise.withResolvers<void>();
    let asking = 0;
    io.before = async (call) => {
      if (!isPull(call)) return;
      asking += 1;
      if (asking === 4) all.resolve();
      // Nobody goes on before all four have asked.
      await all.promise;
    };
    expect(await handle(jobs.map(({ message }) => message))).toEqual([]);
    for (const { id } of jobs) expect(await test.userOf('encharge', id)).toBeDefined();
  });

  it('asks a CRM once before its first answer', async () => {
    io.advance(61_000);
    const jobs = await messagesFor(5);
    let [underWay, most] = [0, 0];
    io.before = async (call) => {
      if (!isPull(call)) return;
      underWay += 1;
      await nextTurn();
      most = Math.max(most, underWay);
    };
    io.after = (call) => {
      if (isPull(call)) underWay = 0;
    };
    test.encharge.faults.inject({ status: 429 });
    const failed = await handle(jobs.map(({ message }) => message));
    io.after = undefined;
    expect([failed.length, most]).toEqual([5, 1]);
    // The first was refused; the others wait for their turn and have not failed, but for one that had it.
    const lines = jobLines(0).slice(-5);
    expect(lines.filter(({ result }) => result === 'waiting').length).toBeGreaterThanOrEqual(3);
  });

  it('has applied what can be applied while a contact of its hangs, and says so when that has no more time', async () => {
    await prove(4);
    const jobs = await messagesFor(3);
    const [hanging, ...others] = jobs;
    io.before = (call) => (isPull(call) && contactOf(call) === hanging?.id ? unanswered(call) : undefined);
    const from = test.log.length;
    const begun = Date.now();
    const left = () => Math.max(3000 - (Date.now() - begun), 0);
    expect(
      await handle(
        jobs.map(({ message }) => message),
        left,
      ),
    ).toEqual([hanging?.message.MessageId]);
    const lines = jobLines(from).map(({ contact_id, result }) => [contact_id, result]);
    expect(lines.slice(0, 2).sort()).toEqual(others.map(({ id }) => [id, 'created']).sort());
    expect(lines[2]).toEqual([hanging?.id, 'failed']);
  });

  it('does not begin what has too little time left: it comes again at once, and has not failed', async () => {
    const [first, second] = await messagesFor(2);
    if (!first || !second) throw new Error('Two jobs are needed.');
    let left = 30_000;
    io.before = (call) => {
      if (isPull(call)) left = 14_000;
    };
    const from = test.log.length;
    const batch = [first.message, behind(first.message, second.message)];
    expect(await handle(batch, () => left)).toEqual([second.message.MessageId]);
    expect(jobLines(from).map(({ contact_id }) => contact_id)).toEqual([first.id]);
    expect(rests()).toEqual([[second.message.ReceiptHandle, 0]]);
    const again = (await takeJobs(test)).find(({ job }) => job.contactId === second.id);
    io.before = undefined;
    expect(await handle(again ? [again.message] : [])).toEqual([]);
    expect(await test.userOf('encharge', second.id)).toBeDefined();
  });

  it('gives back at once what is behind a job that rests, so that nothing keeps it when its rest is over', async () => {
    const [first, second] = await messagesFor(2);
    if (!first || !second) throw new Error('Two jobs are needed.');
    test.encharge.faults.inject({ status: 500, pathContains: first.id });
    const batch = [first.message, behind(first.message, second.message)];
    expect(await handle(batch)).toEqual([first.message.MessageId, second.message.MessageId]);
    expect(rests()).toEqual([
      [first.message.ReceiptHandle, expect.any(Number)],
      [second.message.ReceiptHandle, 0],
    ]);
    expect(rests()[0]?.[1]).toBeGreaterThan(0);
  });

  it('begins with webhooks that came one by one', async () => {
    io.advance(61_000);
    const bulk = [newContact(), newContact()];
    const body = JSON.stringify(bulk.map((id) => ({ id })));
    await request(test, {
      method: 'POST',
      query: { access_key: String(test.stack.connections['encharge']?.accessKey), wpf_action: 'add' },
      headers: { 'content-type': 'application/json' },
      body,
    });
    const live = newContact();
    await webhook(test, 'encharge', 'add', live, { async: 'true' });
    const taken = await takeJobs(test);
    const asked: string[] = [];
    io.before = (call) => {
      if (isPull(call)) asked.push(contactOf(call));
    };
    const sorted = taken.toSorted((one) => (one.job.lane === 'batch' ? -1 : 1));
    expect(await handle(sorted.map(({ message }) => message))).toEqual([]);
    expect(asked[0]).toBe(live);
    expect(asked.toSorted()).toEqual([...bulk, live].toSorted());
  });
});
