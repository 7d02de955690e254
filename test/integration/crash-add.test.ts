import { describe, expect, it } from '@jest/globals';
import { secureRandom } from '../../functions/random.ts';
import { verifyPassword } from '../../functions/users/password.ts';
import { setPasswordWithKey } from '../../functions/users/set-password-key.ts';
import { fieldInCrm } from '../contract/contacts.ts';
import { createIo } from '../support/io.ts';
import { deliver, takeJobs } from '../support/jobs.ts';
import { patientConfig } from '../support/patient-config.ts';
import { crm, test, useTestStack } from '../support/test-stack.ts';
import type { TestedCrm } from '../support/tested-crm.ts';
import { webhook } from '../support/webhook.ts';
import { mailsTo, newEmail, putContact } from './contacts.ts';
import { crashEverywhere } from './crashes.ts';
import { usersOfEmail } from './table-state.ts';
import { drain } from './work.ts';

const io = createIo({ isPatient: false });

useTestStack({ config: patientConfig, withPoller: false, adjust: io.adjust });

interface Person {
  crm: TestedCrm;
  id: string;
  email: string;
  tags: readonly string[];
}

function newPerson(tagCount: number): Person {
  const email = newEmail();
  const tags = Array.from({ length: tagCount }, (_, number) => `tag ${String(number).padStart(3, '0')}`);
  return { crm, email, tags, id: putContact(test, crm, { email, tags }) };
}

const add = ({ crm, id }: Person, query: Record<string, string> = {}) =>
  webhook(test, crm, 'add', id, { send_notification: 'true', ...query });

/** One user, complete, welcomed once, with the password that is in the CRM. */
async function expectWelcomed({ crm, id, email, tags }: Person, at: string): Promise<void> {
  const users = await usersOfEmail(test.users, email);
  expect([at, users]).toMatchObject([at, [{ effects: {}, contacts: { [crm]: id }, tags }]]);
  expect([at, mailsTo(test, email).length]).toEqual([at, 1]);
  const password = String(fieldInCrm(test, crm, id, 'wp_password'));
  expect([at, await verifyPassword(password, String(users[0]?.passwordHash))]).toEqual([at, true]);
}

describe('a process that dies at any call of an `add` by HTTP', () => {
  it('leaves nothing that the same webhook does not put right', async () => {
    const deaths = await crashEverywhere(test, io, {
      prepare: () => Promise.resolve(newPerson(3)),
      act: (person) => add(person),
      async recover(person, at) {
        const answer = await add(person);
        expect([at, answer.status]).toEqual([at, 200]);
        await drain(test, io);
        await expectWelcomed(person, at);
      },
    });
    expect(deaths).toEqual(
      expect.arrayContaining([
        'after sqs SendMessage',
        'before dynamodb TransactWrite',
        'after dynamodb TransactWrite',
      ]),
    );
  });

  it('leaves a whole user or none when nobody sends the webhook again', async () => {
    const outcomes = new Map<string, number>();
    await crashEverywhere(test, io, {
      prepare: () => Promise.resolve(newPerson(3)),
      act: (person) => add(person),
      async recover(person, at) {
        await drain(test, io);
        const users = await usersOfEmail(test.users, person.email);
        outcomes.set(at, users.length);
        if (users.length > 0) await expectWelcomed(person, at);
        else expect([at, mailsTo(test, person.email)]).toEqual([at, []]);
      },
    });
    expect(outcomes.get('before dynamodb TransactWrite')).toBe(0);
    expect(outcomes.get('after dynamodb TransactWrite')).toBe(1);
  });
});

describe('a process that dies at any call of an `add` from the queue', () => {
  it('leaves nothing that the next delivery does not put right', async () => {
    const deaths = await crashEverywhere(test, io, {
      async prepare() {
        const person = newPerson(3);
        expect((await add(person, { async: 'true' })).status).toBe(202);
        const [job] = await takeJobs(test);
        if (!job) throw new Error('No job was queued.');
        return { person, job };
      },
      // The last call is the deletion of the job, which then comes again although it is done.
      act: ({ job }) => deliver(test, job),
      async recover({ person, job }, at) {
        io.advance(60_000);
        expect([at, await deliver(test, job, { receives: 2 })]).toEqual([at, 'done']);
        await drain(test, io);
        await expectWelcomed(person, at);
      },
    });
    expect(deaths).toEqual(expect.arrayContaining(['before sqs DeleteMessage', 'after sqs SendMessage']));
  });

  it('is not needed to queue the job once the sender sends it again', async () => {
    const deaths = await crashEverywhere(test, io, {
      prepare: () => Promise.resolve(newPerson(1)),
      act: (person) => add(person, { async: 'true' }),
      async recover(person, at) {
        expect([at, (await add(person, { async: 'true' })).status]).toEqual([at, 202]);
        await drain(test, io);
        await expectWelcomed(person, at);
      },
    });
    expect(deaths).toContain('after sqs SendMessage');
  });
});

describe('a process that dies between the transactions of one `add`', () => {
  it('leaves a user whose missing tags the same webhook adds', async () => {
    const deaths = await crashEverywhere(test, io, {
      prepare: () => Promise.resolve(newPerson(100)),
      act: (person) => add(person),
      async recover(person, at) {
        expect([at, (await add(person)).status]).toEqual([at, 200]);
        await drain(test, io);
        await expectWelcomed(person, at);
      },
    });
    expect(deaths.filter((at) => at === 'after dynamodb TransactWrite')).toHaveLength(2);
  });
});

/** A new user whose effects are all still to be done, and their job. */
async function newUser() {
  const email = newEmail();
  const id = putContact(test, crm, { email, tags: ['new'] });
  const answer = await webhook(test, crm, 'add', id, { send_notification: 'true' });
  expect(answer.body.data.result).toBe('created');
  const [job] = await takeJobs(test);
  if (!job) throw new Error('No job was queued.');
  return { id, email, job };
}

const keyIn = (text: string | undefined) => /[?&]key=([\w-]+)/.exec(text ?? '')?.[1] ?? 'no key';

it('has the next delivery do what was not done', async () => {
  const mailed = new Map<string, number>();
  const deaths = await crashEverywhere(test, io, {
    prepare: () => newUser(),
    act: ({ job }) => deliver(test, job),
    async recover({ id, email, job }, at) {
      const wasSent = mailsTo(test, email).length === 1;
      const wasMarked = (await test.userOf(crm, id))?.effects.welcome_mail === undefined;
      // Only a claim whose holder died has to be waited for.
      io.advance(61_000);
      expect([at, await deliver(test, job, { receives: 2 })]).toEqual([at, 'done']);
      await drain(test, io);

      const user = await test.userOf(crm, id);
      expect([at, user?.effects]).toEqual([at, {}]);
      const password = String(fieldInCrm(test, crm, id, 'wp_password'));
      expect([at, await verifyPassword(password, String(user?.passwordHash))]).toEqual([at, true]);

      const mails = mailsTo(test, email);
      mailed.set(at, Math.max(mails.length, mailed.get(at) ?? 0));
      expect([at, mails.length]).toEqual([at, wasSent && !wasMarked ? 2 : 1]);
      // The link of the mail that came last is the one that works.
      const chosen = {
        userId: String(user?.id),
        key: keyIn(mails.at(-1)?.text),
        password: 'made-up-password',
      };
      expect([at, await setPasswordWithKey(test.users, secureRandom, chosen)]).toEqual([at, true]);
    },
  });
  expect(deaths).toEqual(
    expect.arrayContaining(['after dynamodb Update', 'after crm POST', 'after ses SendEmail']),
  );
  expect(mailed.get('before ses SendEmail')).toBe(1);
  expect(mailed.get('after ses SendEmail')).toBe(2);
});
