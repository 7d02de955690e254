import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { hold, isOn, webhookAt } from '../support/hold.ts';
import { createIo } from '../support/io.ts';
import { deliver, takeJobs } from '../support/jobs.ts';
import { patientConfig } from '../support/patient-config.ts';
import { crm, test, useTestStack } from '../support/test-stack.ts';
import type { TestedCrm } from '../support/tested-crm.ts';
import { mailsTo, newEmail, putContact } from './contacts.ts';
import { crashEverywhere } from './crashes.ts';
import { drain } from './work.ts';

const io = createIo();
useTestStack({ config: patientConfig, withPoller: false, adjust: io.adjust });
beforeEach(() => io.advance(3_600_000));
afterEach(() => {
  io.before = undefined;
  return drain(test, io);
});

interface Person {
  crm: TestedCrm;
  id: string;
  email: string;
}

const ask = { send_notification: 'true' };
const later = { ...ask, async: 'true' };
/** So many minutes before or after now, by the function's clock. */
const at = (minutes: number) => new Date(io.now().getTime() + minutes * 60_000);

function newContact(crm: TestedCrm, email = newEmail()): Person {
  return { crm, email, id: putContact(test, crm, { email, tags: [], custom: { user_pass: 'made-up' } }) };
}

const add = ({ crm, id }: Person, minutes: number, query: Record<string, string> = {}) =>
  webhookAt(test, at(minutes), [crm, 'add', id], query);

/** A contact whose `add` with notification waits in the queue while one without has created the user. */
async function overtaken(query: Record<string, string> = later): Promise<Person> {
  const person = newContact(crm);
  expect((await add(person, -2, query)).status).toBe(202);
  expect((await add(person, -1)).body.data.result).toBe('created');
  return person;
}

async function mailsAfterAll({ email }: Person): Promise<number> {
  await drain(test, io);
  return mailsTo(test, email).length;
}

it('before another one, which did not, has created the user: is sent, once', async () => {
  const person = await overtaken();
  expect(await mailsAfterAll(person)).toBe(1);
  const user = await test.userOf(crm, person.id);
  expect(user).toMatchObject({ effects: {}, welcomeAsked: expect.any(String) });
  expect((await add(person, -2, ask)).body.data.result).toBe('unchanged');
  expect(await mailsAfterAll(person)).toBe(1);
});

it.each<[name: string, first: Record<string, string>, minutes: number, action: string, mails: number]>([
  ['twice, both before', later, -2, 'add', 1],
  ['once before and once after', later, 1, 'add', 1],
  ['only after the user was created', { async: 'true' }, 1, 'add', 0],
  ['of an update, which sends none', { async: 'true' }, -2, 'update', 0],
])('%s', async (_name, first, minutes, action, mails) => {
  const person = await overtaken(first);
  await webhookAt(test, at(minutes), [crm, action, person.id], ask);
  expect(await mailsAfterAll(person)).toBe(mails);
});

it('by two at once: is sent once', async () => {
  const person = newContact(crm);
  await add(person, -1);
  const answers = await Promise.all([-3, -2].map((minutes) => add(person, minutes, ask)));
  expect(answers.map(({ body }) => body.data.result).sort()).toEqual(['unchanged', 'updated']);
  expect(await mailsAfterAll(person)).toBe(1);
});

it('and that is a part of the user’s creation: is sent once', async () => {
  const person = newContact(crm);
  await add(person, -2, later);
  await add(person, -1, ask);
  expect(await mailsAfterAll(person)).toBe(1);
});

it('of another contact with the address, which the user was then created from', async () => {
  const person = newContact(crm);
  const other = newContact('userengage', person.email);
  await add(person, -2, later);
  expect((await add(other, -1)).body.data.result).toBe('created');
  expect(await mailsAfterAll(person)).toBe(1);
});

it('waits in a job that is faster than the user’s write', async () => {
  const person = newContact(crm);
  await add(person, -1);
  const write = hold(io, 'before', isOn('Update', 'welcome_mail'));
  const late = add(person, -2, ask);
  await write.held;
  const [early] = await takeJobs(test);
  if (!early) throw new Error('There is no job.');
  expect(early.job).toMatchObject({ kind: 'effects', awaits: 'welcome_mail' });
  expect(await deliver(test, early)).toBe('failed');
  write.letGo();
  await late;
  expect(mailsTo(test, person.email)).toEqual([]);
  expect(await deliver(test, early, { receives: 2 })).toBe('done');
  expect(mailsTo(test, person.email)).toHaveLength(1);
});

it('is not lost with a process that dies at any call, nor sent twice', async () => {
  const deaths = await crashEverywhere(test, io, {
    async prepare() {
      const person = await overtaken();
      const [job] = await takeJobs(test);
      if (!job) throw new Error('There is no job.');
      return { person, job };
    },
    act: ({ job }) => deliver(test, job),
    async recover({ person, job }, where) {
      expect([where, await deliver(test, job, { receives: 2 })]).toEqual([where, 'done']);
      expect([where, await mailsAfterAll(person)]).toEqual([where, 1]);
    },
  });
  expect(deaths).toEqual(
    expect.arrayContaining(['after sqs SendMessage', 'before dynamodb Update', 'after dynamodb Update']),
  );
});
