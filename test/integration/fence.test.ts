import {
  TransactWriteCommand,
  type TransactWriteCommandInput,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { afterEach, expect, it } from '@jest/globals';
import { lostAnswer } from '../faults/aws-errors.ts';
import { hold, isPull } from '../support/hold.ts';
import { createIo } from '../support/io.ts';
import { takeJobs } from '../support/jobs.ts';
import { patientConfig } from '../support/patient-config.ts';
import { crm, test, useTestStack } from '../support/test-stack.ts';
import { webhook } from '../support/webhook.ts';
import { type ContactData, newEmail, putContact } from './contacts.ts';
import { drain } from './work.ts';

const io = createIo();
useTestStack({ config: patientConfig, withPoller: false, adjust: io.adjust });
afterEach(async () => {
  io.before = undefined;
  io.after = undefined;
  await drain(test, io);
});

const passwordless = { user_pass: 'made-up-password' };

async function newUser(tags: readonly string[] = ['before']) {
  const data: ContactData = { email: newEmail(), tags, custom: passwordless };
  const id = putContact(test, crm, data);
  await webhook(test, crm, 'add', id);
  return { id, data };
}

it.each(['update', 'update_tags', 'add'])(
  '%s with an older pull, slower than one that found nothing to write',
  async (action) => {
    const { id, data } = await newUser();
    putContact(test, crm, { ...data, tags: ['for a moment'] }, id);
    const pull = hold(io, 'after', isPull);
    const slow = webhook(test, crm, action, id);
    await pull.held;
    putContact(test, crm, data, id);
    expect((await webhook(test, crm, action, id)).body.data.result).toBe('unchanged');
    pull.letGo();
    expect((await slow).body.data.result).toBe('unchanged');
    expect(await test.userOf(crm, id)).toMatchObject({ tags: ['before'] });
    expect(await takeJobs(test)).toEqual([]);
  },
);

it('one that found nothing to write, slower than one that wrote what was for a moment', async () => {
  const { id, data } = await newUser();
  const pull = hold(io, 'after', isPull);
  const slow = webhook(test, crm, 'update', id);
  await pull.held;
  putContact(test, crm, { ...data, tags: ['for a moment'] }, id);
  expect((await webhook(test, crm, 'update', id)).body.data.result).toBe('updated');
  putContact(test, crm, data, id);
  pull.letGo();
  expect((await slow).body.data.result).toBe('updated');
  expect(await test.userOf(crm, id)).toMatchObject({ tags: ['before'] });
});

it.each<[what: string, change: Partial<ContactData>]>([
  ['tags', { tags: ['for a moment'] }],
  ['a field', { city: 'Paris' }],
])('a write of %s that was given up, carried out after the next try, is refused', async (_what, change) => {
  const { id, data } = await newUser();
  const before = { ...data, city: 'London' };
  putContact(test, crm, before, id);
  await webhook(test, crm, 'update', id);
  putContact(test, crm, { ...before, ...change }, id);
  let late: UpdateCommand | TransactWriteCommand | undefined;
  io.before = ({ name, input }) => {
    if (name === 'Update') late = new UpdateCommand(input as UpdateCommandInput);
    else if (name === 'TransactWrite') late = new TransactWriteCommand(input as TransactWriteCommandInput);
    else return;
    io.before = undefined;
    throw lostAnswer();
  };
  expect((await webhook(test, crm, 'update', id)).status).toBe(202);
  putContact(test, crm, before, id);
  await drain(test, io);
  await expect(test.users.documents.send(late as UpdateCommand)).rejects.toThrow(/condition/i);
  expect(await test.userOf(crm, id)).toMatchObject({ tags: ['before'], fields: { city: 'London' } });
});

it('a write of several transactions, between two of which another found nothing to write', async () => {
  const tags = Array.from({ length: 100 }, (_, number) => `tag ${100 + number}`);
  const { id, data } = await newUser(tags);
  putContact(test, crm, { ...data, tags: [] }, id);
  let written = 0;
  const second = hold(io, 'before', ({ name }) => name === 'TransactWrite' && ++written === 2);
  const slow = webhook(test, crm, 'update', id);
  await second.held;
  const left = (await test.userOf(crm, id))?.tags ?? [];
  expect(left).toHaveLength(10);
  putContact(test, crm, { ...data, tags: left }, id);
  expect((await webhook(test, crm, 'update_tags', id)).body.data.result).toBe('unchanged');
  second.letGo();
  expect((await slow).body.data.result).toBe('unchanged');
  expect(await test.userOf(crm, id)).toMatchObject({ tags: left });
});

it('one webhook looks once, though a field differs at every read', async () => {
  const { id, data } = await newUser();
  let reads = 0;
  io.after = ({ service }) => {
    if (service !== 'crm') return;
    reads += 1;
    putContact(test, crm, { ...data, city: `City ${reads}` }, id);
  };
  putContact(test, crm, { ...data, city: 'City 0' }, id);
  io.clear();
  expect((await webhook(test, crm, 'update', id)).body.data.result).toBe('updated');
  await drain(test, io);
  expect([io.count('crm'), io.count('dynamodb', 'Update', 'TransactWrite')]).toEqual([1, 1]);
});

it.each([
  ['', {}],
  [', with a role in the CRM', { user_role: 'editor' }],
])('eight at once that find nothing to write do not disturb each other%s', async (_name, custom) => {
  const { id, data } = await newUser();
  putContact(test, crm, { ...data, custom: { ...passwordless, ...custom } }, id);
  await webhook(test, crm, 'update', id);
  const all = Promise.withResolvers<void>();
  let pulls = 0;
  io.after = ({ service }) => {
    if (service !== 'crm') return undefined;
    io.advance(1);
    pulls += 1;
    if (pulls === 8) all.resolve();
    return all.promise;
  };
  io.clear();
  const sent = await Promise.all(Array.from({ length: 8 }, () => webhook(test, crm, 'update', id)));
  expect(new Set(sent.map(({ body }) => body.data.result))).toEqual(new Set(['unchanged']));
  expect(io.count('crm')).toBe(8);
});
