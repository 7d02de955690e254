import { expect, it } from '@jest/globals';
import { secureRandom } from '../../functions/random.ts';
import { verifyPassword } from '../../functions/users/password.ts';
import { setPasswordWithKey } from '../../functions/users/set-password-key.ts';
import { fieldInCrm } from '../contract/contacts.ts';
import { createIo } from '../support/io.ts';
import { deliver, takeJobs } from '../support/jobs.ts';
import { patientConfig } from '../support/patient-config.ts';
import { crm, test, useTestStack } from '../support/test-stack.ts';
import { webhook } from '../support/webhook.ts';
import { mailsTo, newEmail, putContact } from './contacts.ts';
import { crashEverywhere } from './crashes.ts';
import { drain } from './work.ts';

const io = createIo({ isPatient: false });
useTestStack({ config: patientConfig, withPoller: false, adjust: io.adjust });

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
