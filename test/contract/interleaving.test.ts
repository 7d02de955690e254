import { describe, expect, it } from '@jest/globals';
import type { Transport } from '../../functions/crm/transport.ts';
import type { Services } from '../../functions/runtime/services.ts';
import { usersOfEmail } from '../integration/table-state.ts';
import { deliver, takeJobs, workOff } from '../support/jobs.ts';
import { crm, test, useTestStack } from '../support/test-stack.ts';
import { type WebhookAnswer, webhook } from '../support/webhook.ts';
import { withoutPasswords } from './configs.ts';
import { changeContact, newContact, newEmail, newUser } from './contacts.ts';

/** Holds back the next answer of a CRM after it was given, until the test lets it go. */
let hold: { pulled: () => void; letGo: Promise<void> } | undefined;

function heldBack(transport: Transport): Transport {
  return async (request, signal) => {
    const held = hold;
    hold = undefined;
    const response = await transport(request, signal);
    held?.pulled();
    await held?.letGo;
    return response;
  };
}

/** Starts a webhook and resolves when it has pulled its contact, which it then sits on. */
async function slowPull(send: () => Promise<WebhookAnswer>) {
  const [pulled, letGo] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  hold = { pulled: pulled.resolve, letGo: letGo.promise };
  const answer = send();
  await pulled.promise;
  return { answer, letGo: letGo.resolve };
}

const adjust = (services: Services) => ({ ...services, transport: heldBack(services.transport) });
useTestStack({ config: withoutPasswords, adjust, withPoller: false });

describe('never a duplicate', () => {
  it('webhooks, queued ones and a pull that began before the user existed make one user', async () => {
    const email = newEmail();
    const id = newContact(test, crm, { email });
    const late = await slowPull(() => webhook(test, crm, 'add', id));
    await webhook(test, crm, 'add', id, { async: 'true' });
    expect((await webhook(test, crm, 'add', id)).body.data.result).toBe('created');
    late.letGo();
    expect((await late.answer).body.data.result).toBe('unchanged');
    await workOff(test);
    expect(await usersOfEmail(test.users, email)).toHaveLength(1);
  });
});

describe('a slow older pull never overwrites a newer one', () => {
  const older = { firstName: 'Older', tags: ['older'] };
  const newer = { firstName: 'Newer', tags: ['newer', 'newest'] };

  it.each(['update', 'update_tags', 'add'])('%s against update', async (action) => {
    const { id, user } = await newUser(test, crm, { firstName: 'First', tags: ['first'] });
    changeContact(test, crm, id, older);
    const slow = await slowPull(() => webhook(test, crm, action, id));
    changeContact(test, crm, id, newer);
    expect((await webhook(test, crm, 'update', id)).body.data.result).toBe('updated');
    slow.letGo();
    expect((await slow.answer).body.data).toMatchObject({ result: 'unchanged', user_id: user.id });
    expect(await test.userOf(crm, id)).toMatchObject({ tags: newer.tags, fields: { first_name: 'Newer' } });
  });

  it('add of a new contact against another add', async () => {
    const id = newContact(test, crm, older);
    const slow = await slowPull(() => webhook(test, crm, 'add', id));
    changeContact(test, crm, id, newer);
    expect((await webhook(test, crm, 'add', id)).body.data.result).toBe('created');
    slow.letGo();
    expect((await slow.answer).status).toBe(200);
    expect(await test.userOf(crm, id)).toMatchObject({ tags: newer.tags, fields: { first_name: 'Newer' } });
  });

  it('add that finds the user by the address against another add', async () => {
    const other = 'userengage';
    const { user } = await newUser(test, other, older);
    const id = newContact(test, crm, { ...older, email: user.email });
    const slow = await slowPull(() => webhook(test, crm, 'add', id));
    changeContact(test, crm, id, newer);
    expect((await webhook(test, crm, 'add', id)).body.data.result).toBe('updated');
    slow.letGo();
    expect((await slow.answer).body.data).toMatchObject({ result: 'unchanged', user_id: user.id });
    expect(await test.userOf(crm, id)).toMatchObject({ tags: newer.tags, fields: { first_name: 'Newer' } });
  });

  it('a queued one pulls when it is worked on, not when it was sent', async () => {
    const { id } = await newUser(test, crm, { tags: ['first'] });
    await workOff(test);
    changeContact(test, crm, id, older);
    await webhook(test, crm, 'update', id, { async: 'true' });
    changeContact(test, crm, id, newer);
    for (const job of await takeJobs(test)) expect(await deliver(test, job)).toBe('done');
    expect(await test.userOf(crm, id)).toMatchObject({ tags: newer.tags, fields: { first_name: 'Newer' } });
  });
});
