import { setTimeout as sleep } from 'node:timers/promises';
import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { expect, it } from '@jest/globals';
import { secureRandom } from '../../functions/random.ts';
import { emailKey, tagKey } from '../../functions/users/items.ts';
import { eraseUser } from '../../lib/commands/support/erase-user.ts';
import { repairIndex } from '../../lib/verify/verify-repair.ts';
import { type Problem, verifyTable } from '../../lib/verify/verify-table.ts';
import { withoutPasswords } from '../contract/configs.ts';
import { test, useTestStack } from '../support/test-stack.ts';
import type { TestedCrm } from '../support/tested-crm.ts';
import { webhook } from '../support/webhook.ts';
import { newEmail, putContact } from './contacts.ts';
import { type SeededRandom, seededRandom } from './seeded-random.ts';
import { inconsistencies } from './table-state.ts';
import { isOfIndex } from './verified-table.ts';

/** Nothing follows a write: the job of a deleted user rests for two minutes, and that of its move would wait behind it. */
const config = { ...withoutPasswords, mail: { ...withoutPasswords.mail, tellMoved: false } };
useTestStack({ config });

const contacts = 24;
const webhooks = 240;
const atOnce = 8;

interface Contact {
  crm: TestedCrm;
  id: string;
}

const manyTags = Array.from({ length: 120 }, (_, number) => `tag ${number}`);

/** Changes a contact in its CRM, and sends a webhook for it or deletes its user. */
async function change({ crm, id }: Contact, random: SeededRandom): Promise<void> {
  const isLarge = random.int(4) === 0;
  const tags = random.some(isLarge ? manyTags : ['a', 'b', 'c', 'd']);
  putContact(test, crm, { email: newEmail('moved'), tags, city: `City ${random.int(3)}` }, id);
  const action = random.pick(['add', 'add', 'update', 'update_tags', 'erase']);
  if (action === 'erase') {
    const user = await test.userOf(crm, id);
    if (user) await eraseUser(test.users, user.id, { random: secureRandom, sleep });
    return;
  }
  const { status, text } = await webhook(test, crm, action, id, random.int(6) ? {} : { async: 'true' });
  if (status !== 200 && status !== 202) throw new Error(text);
}

/** Every worker changes contacts of all, one after the other, so that they meet. */
async function load(people: readonly [Contact, ...Contact[]]): Promise<void> {
  await Promise.all(
    Array.from({ length: atOnce }, async (_, worker) => {
      const random = seededRandom(worker);
      for (let done = 0; done < webhooks / atOnce; done += 1) await change(random.pick(people), random);
    }),
  );
  await test.idle();
}

/** What `usher verify --fix` does, again and again, until the load is over. */
async function verifyDuring(isOver: () => boolean): Promise<{ found: Problem[]; runs: number }> {
  const found: Problem[] = [];
  let runs = 0;
  while (!isOver()) {
    const ports = { pendingSince: new Date(0), sleep, onRead: () => undefined };
    for await (const problem of verifyTable(test.users, ports)) {
      found.push(problem);
      if (isOfIndex(problem)) await repairIndex(test.users, problem, sleep);
    }
    runs += 1;
  }
  return { found, runs };
}

function newContact(_: unknown, number: number): Contact {
  const crm = number % 2 ? 'encharge' : 'userengage';
  return { crm, id: putContact(test, crm, { email: newEmail(), tags: ['a'] }) };
}

/** Verifies and repairs while something else goes on. */
async function verifiedDuring(work: Promise<unknown>): Promise<{ found: Problem[]; runs: number }> {
  let isOver = false;
  const working = work.finally(() => {
    isOver = true;
  });
  const [verified] = await Promise.all([verifyDuring(() => isOver), working]);
  return verified;
}

it('finds nothing wrong and breaks nothing while 240 webhooks and deletions are under way', async () => {
  const [first, ...others] = Array.from({ length: contacts }, newContact);
  if (!first) throw new Error('There are no contacts.');
  const { found, runs } = await verifiedDuring(load([first, ...others]));
  expect(found).toEqual([]);
  expect(runs).toBeGreaterThan(0);
  expect(await inconsistencies(test.users)).toEqual([]);
});

it('repairs what is wrong while webhooks change the same users', async () => {
  const send = (command: PutCommand | DeleteCommand) => test.users.documents.send(command as PutCommand);
  const TableName = test.users.name;
  const id = putContact(test, 'encharge', { email: newEmail(), tags: ['a', 'kept'] });
  await webhook(test, 'encharge', 'add', id);
  const user = await test.userOf('encharge', id);
  if (!user) throw new Error('There is no user.');
  for (const email of ['ghost.1@example.com', 'ghost.2@example.com']) {
    await send(new PutCommand({ TableName, Item: { ...emailKey(email), userId: user.id } }));
  }
  await send(new PutCommand({ TableName, Item: { ...tagKey('a', 'nobody'), tag: 'a' } }));
  await send(new DeleteCommand({ TableName, Key: tagKey('kept', user.id) }));
  const updates = async () => {
    for (let count = 0; count < 40; count += 1) {
      putContact(test, 'encharge', { email: user.email, tags: ['kept', `now ${count}`] }, id);
      await webhook(test, 'encharge', 'update', id);
    }
  };
  const { found } = await verifiedDuring(updates());
  expect(found).toHaveLength(4);
  expect(await inconsistencies(test.users)).toEqual([]);
});
