import { expect, it } from '@jest/globals';
import { emailKey } from '../../functions/users/items.ts';
import { createIo } from '../support/io.ts';
import { patientConfig } from '../support/patient-config.ts';
import { crm, test, useTestStack } from '../support/test-stack.ts';
import { webhook } from '../support/webhook.ts';
import { newEmail, putContact } from './contacts.ts';
import { inconsistencies } from './table-state.ts';
import { workDuring } from './work.ts';

const io = createIo();
useTestStack({ config: patientConfig, withPoller: false, adjust: io.adjust });

/** A contact with its user. */
async function newUser(tags = ['here']) {
  const email = newEmail();
  const id = putContact(test, crm, { email, tags });
  await webhook(test, crm, 'add', id);
  return { id, email };
}

const move = (id: string, email: string, tags = ['moved']) => putContact(test, crm, { email, tags }, id);

const sendAll = (webhooks: readonly (() => Promise<unknown>)[]) =>
  workDuring(test, io, () => Promise.all(webhooks.map((send) => send())));

it('moves the user once, however many webhooks tell of it', async () => {
  const { id } = await newUser();
  const next = newEmail();
  move(id, next);
  await sendAll(Array.from({ length: 16 }, () => () => webhook(test, crm, 'update', id)));

  expect(await test.userOf(crm, id)).toMatchObject({ email: next, login: next, tags: ['moved'] });
  expect(await inconsistencies(test.users)).toEqual([]);
});

it('to one that many want at once goes to one of them, and the others keep theirs', async () => {
  const people = await Promise.all(Array.from({ length: 8 }, () => newUser()));
  const wanted = newEmail();
  for (const { id } of people) move(id, wanted);
  await sendAll(people.flatMap(({ id }) => [1, 2].map(() => () => webhook(test, 'encharge', 'update', id))));

  const users = await Promise.all(people.map(({ id }) => test.userOf('encharge', id)));
  expect(users.filter((user) => user?.email === wanted)).toHaveLength(1);
  // Whatever became of the address, the rest was applied.
  expect(users.map((user) => user?.tags)).toEqual(people.map(() => ['moved']));
  const kept = people.filter(({ email }, index) => users[index]?.email === email);
  expect(kept).toHaveLength(people.length - 1);
  expect(await inconsistencies(test.users)).toEqual([]);
});

it('is free for a new contact as soon as the user has left it', async () => {
  const { id, email } = await newUser();
  const next = newEmail();
  move(id, next);
  const successor = putContact(test, 'encharge', { email, tags: ['successor'] });
  await sendAll([
    ...[1, 2, 3].map(() => () => webhook(test, 'encharge', 'update', id)),
    ...[1, 2, 3].map(() => () => webhook(test, 'encharge', 'add', successor)),
  ]);
  // The successor may have come first and have been taken for the user that still held the address.
  for (const contactId of [id, successor]) await webhook(test, 'encharge', 'add', contactId);

  const [moved, second] = [await test.userOf('encharge', id), await test.userOf('encharge', successor)];
  expect(moved).toMatchObject({ email: next, tags: ['moved'] });
  expect(second).toMatchObject({ email, tags: ['successor'] });
  expect(await inconsistencies(test.users)).toEqual([]);
});

it('swapped between two people is swapped here too', async () => {
  const [one, two] = [await newUser(), await newUser()];
  move(one.id, two.email);
  move(two.id, one.email);
  const { body } = await webhook(test, crm, 'update', one.id);
  expect(body.data).toMatchObject({ result: 'updated', warnings: [] });
  await sendAll(
    [one, two, one, two].map(
      ({ id }) =>
        () =>
          webhook(test, crm, 'update', id),
    ),
  );
  expect(await test.userOf(crm, one.id)).toMatchObject({ email: two.email, tags: ['moved'] });
  expect(await test.userOf(crm, two.id)).toMatchObject({ email: one.email, tags: ['moved'] });
  expect(await inconsistencies(test.users)).toEqual([]);
});

it('of somebody who has moved on goes to who has it now, whoever tells first', async () => {
  const [holder, heir] = [await newUser(), await newUser()];
  const next = newEmail();
  move(holder.id, next);
  move(heir.id, holder.email);
  expect((await webhook(test, crm, 'update', heir.id)).body.data.warnings).toEqual([]);
  expect(await test.userOf(crm, heir.id)).toMatchObject({ email: holder.email, tags: ['moved'] });
  // Its own webhook has not come yet, so nothing but the address has moved.
  expect(await test.userOf(crm, holder.id)).toMatchObject({ email: next, tags: ['here'] });
  expect(await inconsistencies(test.users)).toEqual([]);
});

it('leaves the user with its contact when a new one has it now', async () => {
  const { id, email } = await newUser();
  const next = newEmail();
  move(id, next);
  const successor = putContact(test, crm, { email, tags: ['successor'] });
  expect((await webhook(test, crm, 'add', successor)).body.data.result).toBe('created');
  expect(await test.userOf(crm, id)).toMatchObject({ email: next, tags: ['here'] });
  expect(await test.userOf(crm, successor)).toMatchObject({ email, tags: ['successor'] });
  expect(await inconsistencies(test.users)).toEqual([]);
});

it('given up while a new contact looks who has it takes no user along', async () => {
  const { id, email } = await newUser();
  const next = newEmail();
  move(id, next);
  const successor = putContact(test, crm, { email, tags: ['successor'] });
  const claim = JSON.stringify(emailKey(email));
  io.after = async ({ name, input }) => {
    if (name !== 'BatchGet' || !JSON.stringify(input).includes(claim)) return;
    io.after = undefined;
    await webhook(test, crm, 'update', id);
  };
  expect((await webhook(test, crm, 'add', successor)).body.data.result).toBe('created');
  expect(io.after).toBeUndefined();
  expect(await test.userOf(crm, id)).toMatchObject({ email: next, tags: ['moved'] });
  expect(await test.userOf(crm, successor)).toMatchObject({ email, tags: ['successor'] });
  expect(await inconsistencies(test.users)).toEqual([]);
});

it('as a slow add of another contact has seen it takes no user from its own', async () => {
  const [address, next] = [newEmail(), newEmail()];
  const slow = putContact(test, crm, { email: address, tags: ['slow'] });
  const owner = putContact(test, crm, { email: next, tags: ['owner'] });
  let pulls = 0;
  io.after = async ({ service }) => {
    pulls += service === 'crm' ? 1 : 0;
    if (service !== 'crm' || pulls !== 1) return;
    // Its answer is on its way; the two swap their addresses, and the other one becomes a user meanwhile.
    move(slow, next);
    move(owner, address);
    await webhook(test, crm, 'add', owner);
  };
  await webhook(test, crm, 'add', slow);
  io.after = undefined;
  expect(await test.userOf(crm, owner)).toMatchObject({ email: address, tags: ['moved'] });
  expect(await test.userOf(crm, slow)).toMatchObject({ email: next, tags: ['moved'] });
  expect(await inconsistencies(test.users)).toEqual([]);
});

it('of a contact that was made anew is not taken back by the old one', async () => {
  const email = newEmail();
  const old = putContact(test, crm, { email, tags: ['old'] });
  let anew = '';
  let pulls = 0;
  io.after = async ({ service }) => {
    pulls += service === 'crm' ? 1 : 0;
    if (service !== 'crm' || pulls !== 1) return;
    test[crm].people.remove(old);
    anew = putContact(test, crm, { email, tags: ['anew'] });
    await webhook(test, crm, 'add', anew);
  };
  const { body } = await webhook(test, crm, 'add', old);
  io.after = undefined;
  expect(body.data).toMatchObject({ result: 'queued', reason: 'contact_not_found' });
  expect(await test.userOf(crm, anew)).toMatchObject({ email, tags: ['anew'] });
  expect(await inconsistencies(test.users)).toEqual([]);
});

it('passed round among three stays, with a warning, until one of them makes room', async () => {
  const [one, two, three] = [await newUser(), await newUser(), await newUser()];
  move(one.id, two.email);
  move(two.id, three.email);
  move(three.id, one.email);
  const answer = await webhook(test, 'encharge', 'update', one.id);
  expect(answer.body.data.warnings).toEqual(['email_in_use']);
  expect(await test.userOf('encharge', one.id)).toMatchObject({ email: one.email, tags: ['moved'] });

  move(three.id, newEmail());
  for (const { id } of [two, one, three]) await webhook(test, 'encharge', 'update', id);
  expect(await test.userOf('encharge', one.id)).toMatchObject({ email: two.email });
  expect(await test.userOf('encharge', two.id)).toMatchObject({ email: three.email });
  expect(await inconsistencies(test.users)).toEqual([]);
});
