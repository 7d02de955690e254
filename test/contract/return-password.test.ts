import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { userKey } from '../../functions/users/items.ts';
import { verifyPassword } from '../../functions/users/password.ts';
import { workOff } from '../support/jobs.ts';
import { noteSecret } from '../support/leaks.ts';
import { forgetPace } from '../support/pace.ts';
import { crm, startTestStack, type TestStack } from '../support/test-stack.ts';
import type { TestedCrm } from '../support/tested-crm.ts';
import { webhook } from '../support/webhook.ts';
import { patient, withConnections } from './configs.ts';
import { changeContact, existingUser, fieldInCrm, newContact, newUser, passwordField } from './contacts.ts';

/** Written to by another call than custom fields, where the CRM tells them apart. */
const standardField = { encharge: 'city', userengage: 'city' } as const;

let test: TestStack;
let standard: TestStack;
let none: TestStack;
beforeAll(async () => {
  test = await startTestStack({ config: patient, withPoller: false });
  standard = await startTestStack({
    withPoller: false,
    config: withConnections((given) => ({
      ...given,
      returnPassword: { field: standardField[given.crm as TestedCrm] },
    })),
  });
  none = await startTestStack({
    withPoller: false,
    config: withConnections(({ returnPassword: _none, ...given }) => given),
  });
});
afterAll(async () => {
  for (const stack of [test, standard, none]) await stack.stop();
});
afterEach(async () => {
  await forgetPace(test);
  test.encharge.faults.clear();
});

const writes = (stack: TestStack) => stack[crm].requests.list().filter(({ method }) => method !== 'GET');

/** The whole item of a user, for what must not be in it. */
async function storedText({ users }: TestStack, userId: string): Promise<string> {
  const { Item } = await users.documents.send(
    new GetCommand({ TableName: users.name, Key: userKey(userId) }),
  );
  return JSON.stringify({ ...Item, tags: [...(Item?.['tags'] ?? [])] });
}

const supplied = 'supplied by the CRM 1';
noteSecret(supplied);

it.each([
  ['a custom field', () => test, passwordField[crm]],
  ['a standard field', () => standard, standardField[crm]],
])('is written to %s, and only its hash is kept here', async (_name, stackOf, field) => {
  const stack = stackOf();
  const { id } = await newUser(stack, crm, { firstName: 'Ada', tags: ['a'] });
  await workOff(stack);
  const password = String(fieldInCrm(stack, crm, id, field));
  noteSecret(password);
  expect(password).toMatch(/^[A-Za-z0-9]{16,}$/);
  const user = await existingUser(stack, crm, id);
  expect(user.passwordHash).toMatch(/^\$argon2id\$v=19\$m=1024,t=1,p=1\$/);
  expect(await verifyPassword(password, String(user.passwordHash))).toBe(true);
  expect(await verifyPassword(`${password}x`, String(user.passwordHash))).toBe(false);
  expect(await storedText(stack, user.id)).not.toContain(password);
  expect(user.effects).toEqual({});
  // Nothing else of the contact has changed.
  expect((await webhook(stack, crm, 'update_tags', id)).body.data.result).toBe('unchanged');
});

it('is not made when the CRM supplied the password: that one verifies, and nothing is written', async () => {
  test[crm].requests.clear();
  const { id, user } = await newUser(test, crm, { custom: { user_pass: supplied } });
  await workOff(test);
  expect(await verifyPassword(supplied, String(user.passwordHash))).toBe(true);
  expect(user.passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(await existingUser(test, crm, id)).toEqual(user);
  expect(user.fields).not.toHaveProperty('user_pass');
  expect(await storedText(test, user.id)).not.toContain(supplied);
  expect(writes(test)).toEqual([]);
});

it('is made when the field of the CRM for it is empty', async () => {
  const { id } = await newUser(test, crm, { custom: { user_pass: ' ' } });
  await workOff(test);
  expect(fieldInCrm(test, crm, id, passwordField[crm])).toMatch(/^[A-Za-z0-9]{16,}$/);
});

it('is not made without a field for it: the user has no password', async () => {
  none[crm].requests.clear();
  const { user } = await newUser(none, crm);
  await workOff(none);
  expect(user.passwordHash).toBeUndefined();
  expect(writes(none)).toEqual([]);
});

it.each(['add', 'update', 'update_tags'])('is never made for an existing user: %s', async (action) => {
  const { id } = await newUser(test, crm);
  await workOff(test);
  const [password, hash] = [
    fieldInCrm(test, crm, id, passwordField[crm]),
    (await existingUser(test, crm, id)).passwordHash,
  ];
  changeContact(test, crm, id, { tags: ['new'] });
  test[crm].requests.clear();
  await webhook(test, crm, action, id, { send_notification: 'true' });
  await workOff(test);
  expect(writes(test)).toEqual([]);
  expect(fieldInCrm(test, crm, id, passwordField[crm])).toBe(password);
  expect((await existingUser(test, crm, id)).passwordHash).toBe(hash);
});

it('is in neither log nor answer', async () => {
  const id = newContact(test, crm);
  const answer = await webhook(test, crm, 'add', id);
  await workOff(test);
  const password = String(fieldInCrm(test, crm, id, passwordField[crm]));
  expect(answer.text + JSON.stringify(test.log)).not.toContain(password);
});
