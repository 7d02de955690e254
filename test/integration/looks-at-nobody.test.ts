import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { hold, isOn, isPull, webhookAt } from '../support/hold.ts';
import { createIo, type IoCall } from '../support/io.ts';
import { takeJobs } from '../support/jobs.ts';
import { patientConfig } from '../support/patient-config.ts';
import { crm, test, useTestStack } from '../support/test-stack.ts';
import type { TestedCrm } from '../support/tested-crm.ts';
import { webhook } from '../support/webhook.ts';
import { type ContactData, newEmail, putContact } from './contacts.ts';
import { drain } from './work.ts';

const io = createIo();
useTestStack({ config: patientConfig, withPoller: false, adjust: io.adjust });
// By their times they come from another clock: how long a slow machine takes is not counted against them.
beforeEach(() => io.advance(3_600_000));
afterEach(async () => {
  io.before = undefined;
  io.after = undefined;
  await drain(test, io);
});

/** Who an `update` says that it is for: the contact, or an address. */
const ways = ['contact', 'address'] as const;
const updateBy = (way: (typeof ways)[number], id: string, { email }: ContactData) =>
  webhookAt(
    test,
    io.now(),
    [crm, 'update', way === 'contact' ? id : ''],
    way === 'contact' ? {} : { email: String(email) },
  );

function newContact(crm: TestedCrm, email: string = newEmail()) {
  const data: ContactData = { email, tags: ['before'], custom: { user_pass: 'made-up-password' } };
  const id = putContact(test, crm, data);
  return { id, data, change: () => putContact(test, crm, { ...data, tags: ['after'] }, id) };
}

const stored = (id: string) => test.userOf(crm, id);

describe.each(ways)('an update that knows the %s and finds no user', (way) => {
  it('while one is being made of what the contact was before: the add pulls once more', async () => {
    const { id, data, change } = newContact(crm);
    const pull = hold(io, 'after', isPull);
    io.clear();
    const add = webhook(test, crm, 'add', id);
    await pull.held;
    change();
    expect((await updateBy(way, id, data)).body.error.code).toBe('user_not_found');
    pull.letGo();
    expect((await add).body.data.result).toBe('created');
    expect(await stored(id)).toMatchObject({ tags: ['after'] });
    expect(io.count('crm')).toBe(2);
    expect(await takeJobs(test)).toEqual([]);
  });

  it('right before the transaction that makes one: it is refused', async () => {
    const { id, data, change } = newContact(crm);
    const write = hold(io, 'before', ({ name }) => name === 'TransactWrite');
    const add = webhook(test, crm, 'add', id);
    await write.held;
    change();
    expect((await updateBy(way, id, data)).body.error.code).toBe('user_not_found');
    write.letGo();
    expect((await add).body.data.result).toBe('created');
    expect(await stored(id)).toMatchObject({ tags: ['after'] });
  });

  it('and leaves its look when one has been made: it finds it', async () => {
    const { id, data, change } = newContact(crm);
    const pull = hold(io, 'after', isPull);
    const add = webhook(test, crm, 'add', id);
    await pull.held;
    change();
    const look = hold(io, 'before', isOn('Update', 'LOOKS#'));
    const update = updateBy(way, id, data);
    await look.held;
    pull.letGo();
    expect((await add).body.data.result).toBe('created');
    expect(await stored(id)).toMatchObject({ tags: ['before'] });
    look.letGo();
    expect((await update).body.data.result).toBe('updated');
    expect(await stored(id)).toMatchObject({ tags: ['after'] });
  });

  it('that another add has seen before its pull is none to pull for again', async () => {
    const { id, data } = newContact(crm);
    await updateBy(way, id, data);
    io.clear();
    expect((await webhook(test, crm, 'add', id)).body.data.result).toBe('created');
    // An address is known after the first pull only.
    expect(io.count('crm')).toBe(way === 'contact' ? 1 : 2);
  });
});

describe('an add that finds the user by its address', () => {
  it('after an update has found none: pulls after it has linked the two', async () => {
    const other = 'userengage';
    const { id: otherId, data } = newContact(other);
    await webhook(test, other, 'add', otherId);
    const { id, change } = newContact(crm, String(data.email));
    const pull = hold(io, 'after', isPull);
    const add = webhook(test, crm, 'add', id);
    await pull.held;
    change();
    expect((await webhook(test, crm, 'update', id)).body.error.code).toBe('user_not_found');
    pull.letGo();
    expect((await add).status).toBe(200);
    expect(await stored(id)).toMatchObject({ tags: ['after'], contacts: { [other]: otherId } });
  });
});

describe('an update that makes the user findable by what another one did not find it by', () => {
  const other = 'userengage';

  it('its contact: is linked first, and pulled again', async () => {
    const { id: otherId, data } = newContact(other);
    await webhook(test, other, 'add', otherId);
    const { id, change } = newContact(crm, String(data.email));
    const pull = hold(io, 'after', isPull);
    io.clear();
    const slow = updateBy('address', id, data);
    await pull.held;
    change();
    const missed = await webhook(test, crm, 'update', id, { role: 'customer' });
    expect(missed.body.error.code).toBe('user_not_found');
    pull.letGo();
    expect((await slow).body.data).toMatchObject({ result: 'updated', contact_id: id });
    expect(await stored(id)).toMatchObject({ tags: ['after'], role: 'customer' });
    expect(io.count('crm')).toBe(2);
  });

  it.each([
    ['before it looks at the address itself', isPull, 'after'],
    ['right before its transaction', ({ name }: IoCall) => name === 'TransactWrite', 'before'],
  ] as const)('its new address, %s', async (_name, isMeant, when) => {
    const { id, data } = newContact(crm);
    await webhook(test, crm, 'add', id);
    const moved = { ...data, email: newEmail() };
    putContact(test, crm, moved, id);
    const held = hold(io, when, isMeant);
    const slow = webhook(test, crm, 'update', id);
    await held.held;
    putContact(test, crm, { ...moved, tags: ['after'] }, id);
    const missed = await webhookAt(test, io.now(), [crm, 'update', ''], {
      email: moved.email,
      role: 'customer',
    });
    expect(missed.body.error.code).toBe('user_not_found');
    held.letGo();
    expect((await slow).body.data).toMatchObject({ result: 'updated', warnings: [] });
    expect(await stored(id)).toMatchObject({ tags: ['after'], email: moved.email, role: 'customer' });
  });
});

describe('what a look leaves', () => {
  it('is an item that ends after an hour, and no other connection’s matter', async () => {
    const { id, data } = newContact('encharge');
    await updateBy('contact', id, data);
    await updateBy('address', id, data);
    const { id: otherId } = newContact('userengage', String(data.email));
    io.clear();
    expect((await webhook(test, 'userengage', 'add', otherId)).body.data.result).toBe('created');
    expect(io.count('crm')).toBe(1);
    const [hour] = [Math.ceil(io.now().getTime() / 1000) + 3600];
    const seen = io.calls.flatMap(({ input }) => JSON.stringify(input).match(/LOOKS#[^"]+/g) ?? []);
    expect(new Set(seen)).toEqual(
      new Set([`LOOKS#CONTACT#userengage#${otherId}`, `LOOKS#EMAIL#userengage#${data.email}`]),
    );
    const keys = [`LOOKS#CONTACT#encharge#${id}`, `LOOKS#EMAIL#encharge#${data.email}`];
    for (const pk of keys) {
      expect(await itemAt(pk)).toEqual({ pk, sk: 'LOOKS', looks: expect.any(Number), expires: hour });
    }
  });
});

async function itemAt(pk: string) {
  const key = { TableName: test.users.name, Key: { pk, sk: 'LOOKS' } };
  return (await test.users.documents.send(new GetCommand(key))).Item;
}
