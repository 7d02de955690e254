import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { webhookAt } from '../support/hold.ts';
import { createIo } from '../support/io.ts';
import { patientConfig } from '../support/patient-config.ts';
import { crm, test, useTestStack } from '../support/test-stack.ts';
import { newEmail, putContact } from './contacts.ts';
import { drain } from './work.ts';

const io = createIo();
useTestStack({ config: patientConfig, withPoller: false, adjust: io.adjust });
beforeEach(() => io.advance(3_600_000));
afterEach(() => drain(test, io));

/** So many minutes before or after now, by the function's clock. */
const at = (minutes: number) => new Date(io.now().getTime() + minutes * 60_000);
const queued = (role: string) => ({ role, async: 'true' });

const passwordless = { user_pass: 'made-up-password' };
const newContact = (email = newEmail(), custom: Record<string, string> = {}) =>
  putContact(test, crm, { email, tags: [], custom: { ...passwordless, ...custom } });
const send = (id: string, action: string, time: Date, query: Record<string, string> = {}) =>
  webhookAt(test, time, [crm, action, id], query);
async function newUser(role?: string): Promise<string> {
  const id = newContact();
  await send(id, 'add', at(-30), role === undefined ? {} : { role });
  return id;
}
const roleOf = async (id: string) => (await test.userOf(crm, id))?.role;

it.each([
  ['waits in the queue behind a newer update', 'update', -2, 'update', -1, 'subscriber'],
  ['waits behind a newer add', 'update', -2, 'add', -1, 'subscriber'],
  ['of an add that waits', 'add', -2, 'update', -1, 'subscriber'],
  ['is newer than the one that was applied first', 'update', -1, 'update', -2, 'customer'],
  ['came in at the same time: the last one that is applied', 'update', -1, 'update', -1, 'customer'],
])('%s', async (_name, waiting, waitingSince, applied, appliedOf, role) => {
  const id = await newUser('editor');
  expect((await send(id, waiting, at(waitingSince), queued('customer'))).status).toBe(202);
  const answer = await send(id, applied, at(appliedOf), { role: 'subscriber' });
  expect(answer.body.data).toMatchObject({ result: 'updated', warnings: [] });
  test.log.length = 0;
  await drain(test, io);
  expect(await roleOf(id)).toBe(role);
  const warnings = test.log.flatMap((line) => line['warnings'] ?? []);
  expect(warnings).toEqual(role === 'customer' ? [] : ['role_outdated']);
});

it('is stored with its time although the user has it: an older one does not come back', async () => {
  const id = await newUser();
  expect((await send(id, 'update', at(-1), { role: 'subscriber' })).body.data.result).toBe('unchanged');
  const older = await send(id, 'update', at(-2), { role: 'customer' });
  expect(older.body.data).toMatchObject({ result: 'unchanged', warnings: ['role_outdated'] });
  expect(await test.userOf(crm, id)).toMatchObject({ role: 'subscriber', roleAt: at(-1).toISOString() });
});

it.each(['boss', 'administrator'])('%s, which is not given, has no time', async (role) => {
  const id = await newUser('editor');
  await send(id, 'update', at(-1), { role });
  expect((await send(id, 'update', at(-2), { role: 'customer' })).body.data.warnings).toEqual([]);
  expect(await roleOf(id)).toBe('customer');
});

it.each([
  ['older than the pull that took one from the CRM', -1, 'editor', ['role_outdated']],
  ['newer than that', 1, 'customer', []],
])('is %s', async (_name, minutes, role, warnings) => {
  const email = newEmail();
  const id = newContact(email, { user_role: 'editor' });
  await send(id, 'add', at(-30));
  await send(id, 'update', at(-30));
  expect(await test.userOf(crm, id)).toMatchObject({ role: 'editor', roleAt: io.now().toISOString() });
  putContact(test, crm, { email, tags: [], custom: { ...passwordless, user_role: '' } }, id);
  const answer = await send(id, 'update', at(minutes), { role: 'customer' });
  expect(answer.body.data.warnings).toEqual(warnings);
  expect(await roleOf(id)).toBe(role);
});

it('comes from the CRM: the last pull is right, whatever another machine’s clock says', async () => {
  const email = newEmail();
  const id = newContact(email, { user_role: 'editor' });
  await send(id, 'add', at(-30));
  putContact(test, crm, { email, tags: [], custom: { ...passwordless, user_role: 'customer' } }, id);
  io.advance(-1000);
  expect((await send(id, 'update', at(0))).body.data.warnings).toEqual([]);
  expect(await roleOf(id)).toBe('customer');
});

describe('for somebody who is no user yet', () => {
  /** The update names the contact, or its address. */
  const ways = [['the contact'], ['the address']];
  const update = (way: string | undefined, id: string, email: string, time: Date, role: string) =>
    way === 'the contact'
      ? send(id, 'update', time, { role })
      : send('', 'update', time, { role, email: email.toUpperCase() });

  it.each(ways)('is the new user’s, named by %s, unless that webhook is newer', async (way) => {
    const cases: [Record<string, string>, number, string, string[]][] = [
      [{}, -1, 'customer', []],
      [{ role: 'editor' }, -3, 'customer', ['role_outdated']],
      [{ role: 'editor' }, -1, 'editor', []],
      [{ role: 'boss' }, -1, 'customer', ['role_unknown']],
    ];
    for (const [query, minutes, role, warnings] of cases) {
      const email = newEmail();
      const id = newContact(email);
      expect((await update(way, id, email, at(-2), 'customer')).body.error.code).toBe('user_not_found');
      const answer = await send(id, 'add', at(minutes), query);
      expect(answer.body.data).toMatchObject({ result: 'created', warnings });
      expect(await roleOf(id)).toBe(role);
    }
  });

  it.each(ways)('is the newest of several, named by %s', async (way) => {
    const email = newEmail();
    const id = newContact(email);
    await update(way, id, email, at(-2), 'customer');
    await update(way, id, email, at(-3), 'editor');
    await update(way, id, email, at(-1), 'boss');
    await update(way, id, email, at(-1), 'administrator');
    await send(id, 'add', at(-1));
    expect(await roleOf(id)).toBe('customer');
    expect((await send(id, 'add', at(-2), { role: 'editor' })).body.data.warnings).toEqual([]);
    expect(await roleOf(id)).toBe('editor');
  });

  it('is that of a user whom an add then finds by the address', async () => {
    const email = newEmail();
    const other = 'userengage';
    const otherId = putContact(test, other, { email, tags: [], custom: passwordless });
    await webhookAt(test, at(-30), [other, 'add', otherId]);
    const id = newContact(email);
    await send(id, 'update', at(-1), { role: 'customer' });
    const answer = await send(id, 'add', at(-2), { role: 'editor' });
    expect(answer.body.data).toMatchObject({ result: 'updated', warnings: ['role_outdated'] });
    expect(await roleOf(id)).toBe('customer');
  });

  it('is not kept by update_tags, which gives none', async () => {
    const id = newContact();
    await send(id, 'update_tags', at(-1), { role: 'customer' });
    await send(id, 'add', at(-1));
    expect(await roleOf(id)).toBe('subscriber');
  });
});
