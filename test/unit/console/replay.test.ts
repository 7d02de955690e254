import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parseJob, type WebhookJob } from '../../../functions/jobs/job.ts';
import type { ReplayContact } from '../../../lib/console/answers.ts';
import { replayJob, sendReplay } from '../../../lib/console/replay.ts';
import { keepPlans, type ReplayPlan, type ReplayPlans } from '../../../lib/console/replay-plan.ts';

const now = new Date('2026-02-01T00:00:00.000Z');
const contactOf = (number: number): ReplayContact => ({
  action: 'update',
  connection: 'crm',
  contactId: String(number),
  role: 'customer',
  notify: false,
  receivedAt: '2026-01-01T00:00:00.000Z',
});

let folder: string;
let plans: ReplayPlans;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'usher-replay-'));
  plans = keepPlans(folder);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A queue that ends the process with a call: before it has done what it was asked, or after. */
function mortalQueue(diesAt: number, isDone: boolean) {
  const bodies: string[] = [];
  let calls = 0;
  const send = (command: { input: { Entries?: { MessageBody: string }[]; MessageBody?: string } }) => {
    calls += 1;
    const { Entries = [], MessageBody } = command.input;
    const given = MessageBody === undefined ? Entries.map((entry) => entry.MessageBody) : [MessageBody];
    if (calls < diesAt || (calls === diesAt && isDone)) bodies.push(...given);
    if (calls >= diesAt) return Promise.reject(new Error('killed'));
    return Promise.resolve({});
  };
  return {
    bodies,
    deployment: { sqs: { send } as never, queueUrl: 'queue', users: { now: () => now } as never },
  };
}

async function run(plan: ReplayPlan, diesAt: number, isDone = false): Promise<string[]> {
  const { bodies, deployment } = mortalQueue(diesAt, isDone);
  await sendReplay(deployment, plan, plans).catch(() => undefined);
  return bodies;
}

const planOf = (count: number): ReplayPlan => ({
  id: '11111111-1111-4111-8111-111111111111',
  title: 'a stage',
  started: now.toISOString(),
  contacts: Array.from({ length: count }, (_, index) => contactOf(index)),
  sent: 0,
});

describe('a replay of 5,000', () => {
  it.each([1, 2, 11, 250, 499, 500].flatMap((call) => [[call, false] as const, [call, true] as const]))(
    'killed at call %i, done: %p, and started again leaves out none',
    async (call, isDone) => {
      await plans.start(planOf(5000));
      const first = await run(planOf(5000), call, isDone);
      const [left] = await keepPlans(folder).all();
      if (!left) throw new Error('The plan is lost.');
      const second = await run(left, Number.POSITIVE_INFINITY);
      const jobs = [...first, ...second].map((body) => parseJob(body) as WebhookJob);
      expect(new Set(jobs.map(({ contactId }) => contactId)).size).toBe(5000);
      // What was sent twice is the same job, which SQS and the actions count once.
      expect(new Set(jobs.map(({ id }) => id)).size).toBe(5000);
      expect((await plans.all())[0]?.sent).toBe(5000);
    },
  );
});

it('a job is the webhook again: its role is as old as it was, and it waits behind what is live', () => {
  expect(replayJob(contactOf(7), 'replay', now)).toMatchObject({
    kind: 'webhook',
    lane: 'batch',
    contactId: '7',
    role: 'customer',
    sendNotification: false,
    requestId: 'replay',
    receivedAt: '2026-01-01T00:00:00.000Z',
    createdAt: now.toISOString(),
  });
});

it('a plan that was not written to its end is none: nothing of it was sent', async () => {
  await plans.start(planOf(1));
  const { appendFile, writeFile, readdir } = await import('node:fs/promises');
  const [name = ''] = await readdir(folder);
  await appendFile(join(folder, name), '30\n4');
  expect((await plans.all())[0]?.sent).toBe(30);
  await plans.note(planOf(1).id, 50);
  expect((await plans.all())[0]?.sent).toBe(50);
  await writeFile(join(folder, name), '{"id":"half');
  expect(await plans.all()).toEqual([]);
});

it('a plan that somebody has damaged hides no other', async () => {
  await plans.start(planOf(2));
  await writeFile(join(folder, 'replay-damaged.jsonl'), 'no plan\n');
  expect(await plans.all()).toMatchObject([{ id: planOf(2).id }]);
});
