import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { verifyPassword } from '../../functions/users/password.ts';
import { crms, fieldInCrm } from '../contract/contacts.ts';
import { createIo } from '../support/io.ts';
import { crm, test, useTestStack } from '../support/test-stack.ts';
import { type WebhookAnswer, webhook } from '../support/webhook.ts';
import { type ContactData, mailsTo, newEmail, putContact } from './contacts.ts';
import { type SeededRandom, seededRandom } from './seeded-random.ts';
import { inconsistencies, usersOfEmail } from './table-state.ts';
import { workDuring } from './work.ts';

const io = createIo();

useTestStack({ withPoller: false, adjust: io.adjust });

const atOnce = 64;
const isDone = ({ status }: WebhookAnswer) => status === 200 || status === 202;

/** Sends webhooks all at once, with the queue being worked on meanwhile and until it is empty. */
function sendAll(webhooks: (() => Promise<WebhookAnswer>)[]): Promise<WebhookAnswer[]> {
  return workDuring(test, io, () => Promise.all(webhooks.map((send) => send())));
}

const repeated = <Item>(item: Item) => Array.from({ length: atOnce }, () => item);

describe('64 identical `add`s at once', () => {
  it('make one user, with one mail and one password', async () => {
    const email = newEmail();
    const id = putContact(test, crm, { email, tags: ['one', 'two', 'three'] });
    const answers = await sendAll(
      repeated(() => webhook(test, crm, 'add', id, { send_notification: 'true' })),
    );

    expect(answers.filter((answer) => !isDone(answer))).toEqual([]);
    const applied = answers.filter(({ status }) => status === 200);
    expect(new Set(applied.map(({ body }) => body.data.user_id)).size).toBeLessThanOrEqual(1);
    expect(applied.filter(({ body }) => body.data.result === 'created').length).toBeLessThanOrEqual(1);

    expect(await inconsistencies(test.users)).toEqual([]);
    const users = await usersOfEmail(test.users, email);
    expect(users).toMatchObject([{ effects: {}, contacts: { [crm]: id }, tags: ['one', 'three', 'two'] }]);
    expect(mailsTo(test, email)).toHaveLength(1);
    const password = String(fieldInCrm(test, crm, id, 'wp_password'));
    expect(await verifyPassword(password, String(users[0]?.passwordHash))).toBe(true);
  });

  it('also when some come by HTTP and some are queued', async () => {
    const email = newEmail();
    const id = putContact(test, 'encharge', { email, tags: ['mixed'] });
    const queries = repeated({ send_notification: 'true' }).map((query, index) =>
      index % 2 === 0 ? query : { ...query, async: 'true' },
    );
    await sendAll(queries.map((query) => () => webhook(test, 'encharge', 'add', id, query)));

    expect(await inconsistencies(test.users)).toEqual([]);
    const users = await usersOfEmail(test.users, email);
    expect(users).toMatchObject([{ effects: {}, tags: ['mixed'] }]);
    expect(mailsTo(test, email)).toHaveLength(1);
  });

  it('of a contact with more tags than one transaction holds', async () => {
    const email = newEmail();
    const tags = Array.from({ length: 210 }, (_, number) => `many ${number}`);
    const id = putContact(test, 'encharge', { email, tags });
    const adds = repeated(() => webhook(test, 'encharge', 'add', id, { send_notification: 'true' }));
    await sendAll(adds.slice(0, 24));

    expect(await inconsistencies(test.users)).toEqual([]);
    const users = await usersOfEmail(test.users, email);
    expect(users).toMatchObject([{ effects: {}, tags: [...tags].sort() }]);
    expect(mailsTo(test, email)).toHaveLength(1);
  });
});

describe('one address in several contacts, added at once', () => {
  it('from two connections: one user, linked to both contacts', async () => {
    const email = newEmail();
    const ids = {
      encharge: putContact(test, 'encharge', { email, tags: ['from encharge'] }),
      userengage: putContact(test, 'userengage', { email: email.toUpperCase(), tags: ['from userengage'] }),
    };
    const answers = await sendAll(
      repeated(crms)
        .flat()
        .slice(0, atOnce)
        .map((crm) => () => webhook(test, crm, 'add', ids[crm], { send_notification: 'true' })),
    );

    expect(answers.filter((answer) => !isDone(answer))).toEqual([]);
    expect(await inconsistencies(test.users)).toEqual([]);
    const users = await usersOfEmail(test.users, email);
    expect(users).toMatchObject([{ effects: {}, contacts: ids }]);
    expect([['from encharge'], ['from userengage']]).toContainEqual(users[0]?.tags);
    expect(test.ses.mails.filter(({ to }) => to[0]?.toLowerCase() === email)).toHaveLength(1);
  });

  it('from one connection: one user, linked to one of them', async () => {
    const email = newEmail();
    const ids = ['first', 'second'].map((tag) => putContact(test, 'encharge', { email, tags: [tag] }));
    // They take the user from each other again and again, which more of them would only make longer.
    const answers = await sendAll(
      repeated(ids)
        .flat()
        .slice(0, 24)
        .map((id) => () => webhook(test, 'encharge', 'add', id, { send_notification: 'true' })),
    );

    expect(answers.filter((answer) => !isDone(answer))).toEqual([]);
    expect(await inconsistencies(test.users)).toEqual([]);
    const [user, ...others] = await usersOfEmail(test.users, email);
    expect(others).toEqual([]);
    expect(user?.effects).toEqual({});
    const winner = ids.indexOf(String(user?.contacts['encharge']));
    expect(user?.tags).toEqual([['first', 'second'][winner]]);
    expect(mailsTo(test, email)).toHaveLength(1);
  });
});

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
