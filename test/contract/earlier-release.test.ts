import { randomUUID } from 'node:crypto';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createJobQueue } from '../../functions/jobs/job-queue.ts';
import { hashPassword, verifyPassword } from '../../functions/users/password.ts';
import { inconsistencies } from '../integration/table-state.ts';
import { workOff } from '../support/jobs.ts';
import { crm, startTestStack, type TestStack } from '../support/test-stack.ts';
import { webhook } from '../support/webhook.ts';
import { countingRandom } from '../unit/counting-random.ts';
import { patient } from './configs.ts';
import { changeContact, existingUser, fieldInCrm, newContact, newEmail, passwordField } from './contacts.ts';

let test: TestStack;
beforeAll(async () => {
  test = await startTestStack({ config: patient, withPoller: false });
});
afterAll(async () => {
  expect(await inconsistencies(test.users)).toEqual([]);
  await test.stop();
});
const [composed, decomposed] = ['Käufer', 'Ka\u0308ufer'];

/** A user with its items as earlier releases wrote them, letter by letter, and its contact. */
async function stored(more: object = {}) {
  const [id, email] = [randomUUID(), newEmail('before')];
  const contact = newContact(test, crm, { email, firstName: 'Ada', lastName: 'King', tags: [composed] });
  const put = (Item: object) =>
    test.users.documents.send(new PutCommand({ TableName: test.users.name, Item: { ...Item } }));
  const [created, fields] = ['2026-01-05T10:00:00.000Z', { first_name: 'Ada', last_name: 'King' }];
  await put({
    pk: `USER#${id}`,
    sk: 'USER',
    id,
    email,
    login: email,
    role: 'subscriber',
    fields: { ...fields, display_name: 'Ada King', nickname: email },
    tags: new Set([decomposed]),
    contacts: { [crm]: contact },
    passwordHash: await hashPassword('from before', countingRandom()),
    effects: {},
    version: 3,
    created,
    updated: created,
    ...more,
  });
  for (const pk of [`EMAIL#${email}`, `LOGIN#${email}`, `CONTACT#${crm}#${contact}`])
    await put({ pk, sk: 'UNIQUE', userId: id });
  await put({ pk: `TAG#${decomposed}`, sk: `USER#${id}`, tag: decomposed, applied: created });
  return { id, email, contact };
}

it('goes on as it is, with its password, and its tags come into NFC', async () => {
  const { id, email, contact } = await stored();
  for (const result of ['updated', 'unchanged'])
    expect((await webhook(test, crm, 'add', contact)).body.data).toMatchObject({ user_id: id, result });
  const user = await existingUser(test, crm, contact);
  expect(user).toMatchObject({ id, email, login: email, tags: [composed], effects: {} });
  expect(await verifyPassword('from before', String(user.passwordHash))).toBe(true);
});

it('moves with its contact from the first webhook on', async () => {
  const { id, contact } = await stored();
  const next = newEmail('moved');
  changeContact(test, crm, contact, { email: next });
  expect((await webhook(test, crm, 'update', contact)).body.data.warnings).toEqual([]);
  await workOff(test);
  const user = await existingUser(test, crm, contact);
  expect(user).toMatchObject({ id, email: next, login: next, fields: { nickname: next } });
  expect(await verifyPassword('from before', String(user.passwordHash))).toBe(false);
});

it('gets the password that was pending, in the CRM of its only contact', async () => {
  const effects = { return_password: { since: '2026-01-05T10:00:00.000Z' } };
  const { id, contact } = await stored({ effects });
  const job = {
    kind: 'effects',
    id: randomUUID(),
    userId: id,
    connection: crm,
    contactId: contact,
  } as const;
  await createJobQueue(test.stack.services.sqs, test.stack.queueUrl).send([
    { ...job, lane: 'live', requestId: 'r', createdAt: new Date().toISOString() },
  ]);
  await workOff(test);
  const { passwordHash, effects: left } = await existingUser(test, crm, contact);
  expect(left).toEqual({});
  const returned = String(fieldInCrm(test, crm, contact, passwordField[crm]));
  expect(await verifyPassword(returned, String(passwordHash))).toBe(true);
});
