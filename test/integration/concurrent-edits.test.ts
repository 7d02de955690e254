import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { createIo } from '../support/io.ts';
import { crm, test, useTestStack } from '../support/test-stack.ts';
import { webhook } from '../support/webhook.ts';
import { type ContactData, mailsTo, newEmail, putContact } from './contacts.ts';
import { type SeededRandom, seededRandom } from './seeded-random.ts';
import { inconsistencies } from './table-state.ts';
import { workDuring } from './work.ts';

const io = createIo();
useTestStack({ withPoller: false, adjust: io.adjust });

const atOnce = 64;
const allTags = Array.from({ length: 12 }, (_, number) => `tag ${number}`);
const actions = ['add', 'update', 'update_tags'] as const;

function randomContact(random: SeededRandom, emails: readonly [string, string]): ContactData {
  return {
    email: random.pick(emails),
    tags: random.some(allTags),
    first: random.pick(['Ada', 'Grace', 'Emmy']),
    city: `City ${random.int(1000)}`,
    custom: { orders: random.int(1000), vip: random.int(2) === 1 },
  };
}

/** Sends mixed webhooks over a while in which the contact is edited again and again, and one when the edits are over. */
async function editDuringWebhooks(id: string, emails: readonly [string, string], seed: number) {
  const random = seededRandom(seed);
  let last = randomContact(random, emails);
  const sent: Promise<unknown>[] = [];
  for (let count = 0; count < atOnce; count += 1) {
    last = randomContact(random, emails);
    putContact(test, crm, last, id);
    const isAsync = random.int(4) === 0 ? { async: 'true' } : {};
    sent.push(webhook(test, crm, random.pick(actions), id, { send_notification: 'true', ...isAsync }));
    if (random.int(3) > 0) await sleep(random.int(25));
  }
  // The edits are over; most of the webhooks above are still on their way.
  sent.push(webhook(test, crm, 'update', id));
  await Promise.all(sent);
  return last;
}

it('64 mixed webhooks while their contact is edited leave what the CRM held at the end', async () => {
  const emails = [newEmail(), newEmail()] as const;
  const id = putContact(test, crm, { email: emails[0], tags: ['first'] });
  await webhook(test, crm, 'add', id, { send_notification: 'true' });
  const last = await workDuring(test, io, () => editDuringWebhooks(id, emails, 1906));

  expect(await test.userOf(crm, id)).toMatchObject({
    email: last.email,
    // It was the address, and follows it.
    login: last.email,
    fields: { first_name: last.first, city: last.city, ...last.custom },
    tags: [...last.tags].sort(),
    effects: {},
  });
  expect(await inconsistencies(test.users)).toEqual([]);
  expect(mailsTo(test, String(last.email)).length).toBeGreaterThanOrEqual(1);
  // How many moves were seen depends on who was faster: a welcome, and five pairs a day.
  expect(emails.flatMap((email) => mailsTo(test, email)).length).toBeLessThanOrEqual(1 + 2 * 5);
});

it('webhooks from the queue, whose jobs for one contact are in order, do so as well', async () => {
  const email = newEmail();
  const id = putContact(test, 'encharge', { email, tags: ['first'] });
  const random = seededRandom(1918);
  let last: ContactData = { email, tags: [] };
  await workDuring(test, io, async () => {
    for (let count = 0; count < 24; count += 1) {
      last = { ...randomContact(random, [email, email]) };
      putContact(test, 'encharge', last, id);
      await webhook(test, 'encharge', random.pick(actions), id, { async: 'true' });
    }
    await webhook(test, 'encharge', 'add', id, { async: 'true' });
  });
  expect(await test.userOf('encharge', id)).toMatchObject({
    fields: { city: last.city },
    tags: [...last.tags].sort(),
    effects: {},
  });
  expect(await inconsistencies(test.users)).toEqual([]);
});
