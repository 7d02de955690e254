import { beforeEach, expect, it } from '@jest/globals';
import { withoutPasswords } from '../contract/configs.ts';
import { changeContact, newContact, newEmail } from '../contract/contacts.ts';
import { createIo } from '../support/io.ts';
import { deliver, type TakenJob, takeJobs, workOff } from '../support/jobs.ts';
import { crm, test, useTestStack } from '../support/test-stack.ts';
import { webhook } from '../support/webhook.ts';
import { mailsTo } from './contacts.ts';

const io = createIo({ isPatient: false });
useTestStack({ config: withoutPasswords, withPoller: false, adjust: io.adjust });
beforeEach(() => io.clear());
const [minute, hour] = [60_000, 3_600_000];

async function welcomed(): Promise<string> {
  const id = newContact(test, crm);
  await webhook(test, crm, 'add', id, { send_notification: 'true' });
  await workOff(test);
  return id;
}

async function move(id: string): Promise<string> {
  const email = newEmail('moved');
  changeContact(test, crm, id, { email });
  expect((await webhook(test, crm, 'update', id)).body.data.result).toBe('updated');
  return email;
}

/** Hands a job out once; answers what the log says of it, and for how many seconds it rests. */
async function handOut(job: TakenJob) {
  io.clear();
  const outcome = await deliver(test, job);
  const rests = io.calls
    .filter(({ name }) => name === 'ChangeMessageVisibility')
    .map(({ input }): unknown => Object(input).VisibilityTimeout);
  const { result, error_code: code } = test.log.at(-1) ?? {};
  return { outcome, result, code, rests };
}

const waits = (seconds: number) => ({
  outcome: 'failed',
  result: 'waiting',
  code: 'effect_not_due',
  rests: [seconds],
});

async function onlyJob(): Promise<TakenJob> {
  const [job, ...others] = await takeJobs(test);
  if (!job || others.length > 0) throw new Error('There is not one job.');
  return job;
}

it('wait for their time, however often the job is handed out, and go to the last address', async () => {
  const id = await welcomed();
  await move(id);
  await workOff(test);
  io.advance(minute);
  const last = await move(id);
  const job = await onlyJob();
  for (let time = 0; time < 30; time += 1) expect(await handOut(job)).toEqual(waits(240));
  expect(mailsTo(test, last)).toEqual([]);
  io.advance(4 * minute);
  expect(await handOut(job)).toMatchObject({ outcome: 'done', result: 'moved_mail+welcome_mail' });
  expect(mailsTo(test, last)).toHaveLength(1);
});

it('of the sixth pair in a day rest no longer than SQS allows, and are sent when the day is over', async () => {
  const id = await welcomed();
  for (let pair = 0; pair < 5; pair += 1) {
    await move(id);
    expect(await workOff(test)).toEqual(['done']);
    io.advance(6 * minute);
  }
  const last = await move(id);
  const job = await onlyJob();
  for (let rest = 0; rest < 2; rest += 1) {
    expect(await handOut(job)).toEqual(waits(11 * 3600));
    io.advance(11 * hour);
  }
  expect(await handOut(job)).toEqual(waits(90 * 60));
  io.advance(90 * minute);
  expect(await handOut(job)).toMatchObject({ outcome: 'done', result: 'moved_mail+welcome_mail' });
  expect(mailsTo(test, last)).toHaveLength(1);
});
