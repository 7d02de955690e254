import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Fault } from '../../lib/sandbox/fault.ts';
import type { SandboxCrm } from '../../lib/sandbox/sandbox.ts';
import { createIo } from '../support/io.ts';
import { deliver, takeJobs } from '../support/jobs.ts';
import { forgetPace } from '../support/pace.ts';
import { patientConfig } from '../support/patient-config.ts';
import { startTestStack, type TestStack } from '../support/test-stack.ts';
import { webhook } from '../support/webhook.ts';
import { type ContactData, crms, mailsTo, newEmail, putContact } from './contacts.ts';
import { allItems, inconsistencies } from './table-state.ts';
import { drain } from './work.ts';

const io = createIo({ isPatient: false });
let test: TestStack;
beforeAll(async () => {
  test = await startTestStack({ config: patientConfig, withPoller: false, adjust: io.adjust });
});
afterEach(async () => {
  for (const crm of crms) test[crm].faults.clear();
  await forgetPace(test);
});
afterAll(() => test.stop());

const actions = ['add', 'update', 'update_tags'] as const;

interface Person {
  id: string;
  data: ContactData;
}

async function newUser(crm: SandboxCrm): Promise<Person> {
  const data = { email: newEmail(), tags: ['customer', 'newsletter'], city: 'London' };
  const id = putContact(test, crm, data);
  await webhook(test, crm, 'add', id);
  return { id, data };
}

let edits = 0;
/** Changes a contact so that every action has something to write. */
function edit(crm: SandboxCrm, { id, data }: Person): ContactData {
  edits += 1;
  const changed = { ...data, tags: ['customer', `edit ${edits}`] };
  putContact(test, crm, changed, id);
  return changed;
}

/** One of each kind: no answer, a refusal, one that is not the CRM's, one that says nothing of tags. */
const faults: [name: string, fault: Fault][] = [
  ['401', { status: 401 }],
  ['429', { status: 429, retryAfter: '60' }],
  ['500', { status: 500 }],
  ['a reset', { kind: 'reset' }],
  ['a reset in the body', { kind: 'truncate_wrong_length' }],
  ['half an answer', { kind: 'truncate' }],
  ['a page of HTML', { kind: 'html' }],
  ['tags of another shape', { kind: 'no_tags_shape' }],
];

describe.each(crms)('while the CRM (%s) answers with', (crm) => {
  let people: Person[];
  beforeAll(async () => {
    people = await Promise.all(actions.map(() => newUser(crm)));
    await drain(test, io);
  });

  it.each(faults)('%s: not one item changes, and nothing is lost', async (_name, fault) => {
    const changed = people.map((person) => edit(crm, person));
    const newcomer = { email: newEmail(), tags: ['newcomer'] };
    const newId = putContact(test, crm, newcomer);
    const before = await allItems(test.users);

    test[crm].faults.inject(fault);
    const answers = await Promise.all([
      ...people.map(({ id }, index) => webhook(test, crm, String(actions[index]), id)),
      webhook(test, crm, 'add', newId, { send_notification: 'true' }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202));
    expect(await allItems(test.users)).toEqual(before);

    test[crm].faults.clear();
    await drain(test, io);
    const users = await Promise.all(people.map(({ id }) => test.userOf(crm, id)));
    expect(users.map((user) => user?.tags)).toEqual(changed.map(({ tags }) => [...tags].sort()));
    expect(await test.userOf(crm, newId)).toMatchObject({ tags: newcomer.tags, effects: {} });
    expect(mailsTo(test, newcomer.email)).toHaveLength(1);
    expect(await inconsistencies(test.users)).toEqual([]);
  });

  it.each(actions)(
    'that it has no such contact: %s changes not one item, and looks again later',
    async (action) => {
      const [person] = people;
      const before = await allItems(test.users);
      test[crm].faults.inject({ status: 404 });
      const answer = await webhook(test, crm, action, String(person?.id));
      expect([answer.status, answer.body.data?.reason]).toEqual([202, 'contact_not_found']);
      const [job, ...others] = await takeJobs(test);
      expect([job?.job.id, others]).toEqual([answer.body.data.job_id, []]);
      for (let looks = 0; job && looks < 5; looks += 1) {
        if ((await deliver(test, job)) === 'done') break;
        io.advance(181_000);
      }
      expect(test.log.at(-1)).toMatchObject({ result: 'refused', error_code: 'contact_not_found' });
      expect(await allItems(test.users)).toEqual(before);
    },
  );
});
