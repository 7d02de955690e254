import { expect, it } from '@jest/globals';
import { createIo } from '../support/io.ts';
import { deliver, takeJobs } from '../support/jobs.ts';
import { patientConfig } from '../support/patient-config.ts';
import { crm, test, useTestStack } from '../support/test-stack.ts';
import { webhook } from '../support/webhook.ts';
import { type ContactData, mailsTo, newEmail, putContact } from './contacts.ts';
import { crashEverywhere } from './crashes.ts';
import { drain } from './work.ts';

const io = createIo({ isPatient: false });
useTestStack({ config: patientConfig, withPoller: false, adjust: io.adjust });

const tagsFrom = (start: number, end: number) =>
  Array.from({ length: end - start }, (_, offset) => `tag ${String(start + offset).padStart(3, '0')}`);

interface Person {
  id: string;
  login: string;
  before: ContactData;
  after: ContactData;
}

/** A user whose contact has another address, city and tags by now. */
async function changedPerson(tagsBefore: string[], tagsAfter: string[]): Promise<Person> {
  const login = newEmail();
  const before = { email: login, tags: tagsBefore, city: 'London' };
  const id = putContact(test, crm, before);
  expect((await webhook(test, crm, 'add', id)).body.data.result).toBe('created');
  await drain(test, io);
  const after = { email: newEmail(), tags: tagsAfter, city: 'Paris' };
  putContact(test, crm, after, id);
  return { id, login, before, after };
}

async function expectAfter({ id, login: before, after }: Person, at: string): Promise<void> {
  const user = await test.userOf(crm, id);
  const { email, tags, city } = after;
  expect([at, user]).toMatchObject([at, { email, login: email, tags, fields: { city }, effects: {} }]);
  // The address before is told of the move, and gets no link.
  expect([at, mailsTo(test, before).filter(({ text }) => text?.includes('key='))]).toEqual([at, []]);
}

it('changes a user wholly or not at all, and the same webhook changes it', async () => {
  const crm = 'encharge';
  const deaths = await crashEverywhere(test, io, {
    prepare: () => changedPerson(tagsFrom(0, 5), tagsFrom(3, 8)),
    act: ({ id }) => webhook(test, crm, 'update', id),
    async recover(person, at) {
      const user = await test.userOf(crm, person.id);
      const { email, city, tags } = user?.email === person.login ? person.before : person.after;
      expect([at, user]).toMatchObject([at, { email, tags, fields: { city } }]);

      expect([at, (await webhook(test, crm, 'update', person.id)).status]).toEqual([at, 200]);
      await expectAfter(person, at);
    },
  });
  expect(deaths).toEqual(
    expect.arrayContaining(['before dynamodb TransactWrite', 'after dynamodb TransactWrite']),
  );
});

it('from the queue is put right by the next delivery', async () => {
  await crashEverywhere(test, io, {
    async prepare() {
      const person = await changedPerson(tagsFrom(0, 5), tagsFrom(3, 8));
      await webhook(test, 'encharge', 'update', person.id, { async: 'true' });
      const [job] = await takeJobs(test);
      if (!job) throw new Error('No job was queued.');
      return { person, job };
    },
    act: ({ job }) => deliver(test, job),
    async recover({ person, job }, at) {
      expect([at, await deliver(test, job, { receives: 2 })]).toEqual([at, 'done']);
      await expectAfter(person, at);
    },
  });
});

it('that links a contact made anew in the CRM is put right by the same `add`', async () => {
  await crashEverywhere(test, io, {
    async prepare() {
      const email = newEmail();
      const old = putContact(test, 'encharge', { email, tags: ['old'] });
      await webhook(test, 'encharge', 'add', old);
      await drain(test, io);
      test.encharge.people.remove(old);
      return { old, id: putContact(test, 'encharge', { email, tags: ['new'] }), email };
    },
    act: ({ id }) => webhook(test, 'encharge', 'add', id, { send_notification: 'true' }),
    async recover({ old, id, email }, at) {
      const again = await webhook(test, 'encharge', 'add', id, { send_notification: 'true' });
      expect([at, again.status]).toEqual([at, 200]);
      await drain(test, io);
      expect([at, await test.userOf('encharge', old)]).toEqual([at, undefined]);
      expect([at, await test.userOf('encharge', id)]).toMatchObject([at, { email, tags: ['new'] }]);
      // It is no new user: nobody is welcomed.
      expect([at, mailsTo(test, email)]).toEqual([at, []]);
    },
  });
});

it('with more tag changes than one transaction holds: users and index agree at every step', async () => {
  const deaths = await crashEverywhere(test, io, {
    prepare: () => changedPerson(tagsFrom(0, 60), tagsFrom(50, 110)),
    act: ({ id }) => webhook(test, 'encharge', 'update', id),
    async recover(person, at) {
      expect([at, (await webhook(test, 'encharge', 'update', person.id)).status]).toEqual([at, 200]);
      await expectAfter(person, at);
    },
  });
  expect(deaths.filter((at) => at === 'after dynamodb TransactWrite')).toHaveLength(2);
});
