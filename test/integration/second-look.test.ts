import { TransactWriteCommand, type TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { lostAnswer } from '../faults/aws-errors.ts';
import { createIo } from '../support/io.ts';
import { takeJobs } from '../support/jobs.ts';
import { startTestStack, type TestStack } from '../support/test-stack.ts';
import { webhook } from '../support/webhook.ts';
import { type ContactData, crms, newEmail, putContact } from './contacts.ts';
import { patientConfig } from './patient-config.ts';
import { drain } from './work.ts';

const io = createIo();
let test: TestStack;
beforeAll(async () => {
  test = await startTestStack({ config: patientConfig, withPoller: false, adjust: io.adjust });
});
afterEach(async () => {
  io.before = undefined;
  io.after = undefined;
  await drain(test, io);
});
afterAll(() => test.stop());

const passwordless = { user_pass: 'made-up-password' };

/** Longer than a webhook may take without being looked at again, in milliseconds. */
const slowMs = 510;

/** Lets the first pull have its answer, and keeps it from the function until it is let go. */
function slowPull() {
  let isHeld: () => void = () => undefined;
  let letGo: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    isHeld = resolve;
  });
  const released = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  let pulls = 0;
  io.after = async ({ service }) => {
    if (service !== 'crm' || pulls++ > 0) return;
    isHeld();
    await released;
    io.advance(slowMs);
  };
  return { held, letGo };
}

describe.each(crms)('a slow webhook for a contact of %s', (crm) => {
  it.each(['update', 'update_tags', 'add'])(
    '%s, overtaken by one that found nothing to write: the contact is looked at again',
    async (action) => {
      const data: ContactData = { email: newEmail(), tags: ['before'], custom: passwordless };
      const id = putContact(test, crm, data);
      await webhook(test, crm, 'add', id);

      const { held, letGo } = slowPull();
      putContact(test, crm, { ...data, tags: ['for a moment'] }, id);
      const slow = webhook(test, crm, action, id, { role: 'editor' });
      await held;
      putContact(test, crm, data, id);
      expect((await webhook(test, crm, action, id)).body.data.result).toBe('unchanged');
      letGo();
      expect((await slow).body.data.result).toBe('updated');
      expect(await test.userOf(crm, id)).toMatchObject({ tags: ['for a moment'] });

      await drain(test, io);
      expect(await test.userOf(crm, id)).toMatchObject({ tags: ['before'] });
    },
  );

  it('that creates the user is followed by one too: an update has found no user meanwhile', async () => {
    const data: ContactData = { email: newEmail(), tags: ['before'], custom: passwordless };
    const id = putContact(test, crm, data);
    const { held, letGo } = slowPull();
    const slow = webhook(test, crm, 'add', id, { role: 'editor' });
    await held;
    putContact(test, crm, { ...data, tags: ['after'] }, id);
    expect((await webhook(test, crm, 'update', id)).body.error.code).toBe('user_not_found');
    letGo();
    expect((await slow).body.data.result).toBe('created');
    await drain(test, io);
    expect(await test.userOf(crm, id)).toMatchObject({ tags: ['after'], role: 'editor' });
  });

  it('that found no user, while one was being made of what the contact was before, waits for it', async () => {
    const data: ContactData = { email: newEmail(), tags: ['before'], custom: passwordless };
    const id = putContact(test, crm, data);
    const { held, letGo } = slowPull();
    const add = webhook(test, crm, 'add', id);
    await held;
    putContact(test, crm, { ...data, tags: ['after'] }, id);
    let looks = 0;
    io.before = async ({ name, input }) => {
      if (name !== 'BatchGet' || !JSON.stringify(input).includes('CONTACT#')) return;
      looks += 1;
      if (looks !== 2) return;
      letGo();
      await add;
    };
    expect((await webhook(test, crm, 'update_tags', id)).body.data.result).toBe('updated');
    expect([looks, (await add).body.data.result]).toEqual([2, 'created']);
    expect(await test.userOf(crm, id)).toMatchObject({ tags: ['after'] });
  });

  it('that found nothing to write, while another wrote what it had pulled before, begins anew', async () => {
    const data: ContactData = { email: newEmail(), tags: ['before'], custom: passwordless };
    const id = putContact(test, crm, data);
    await webhook(test, crm, 'add', id);
    const { held, letGo } = slowPull();
    const slow = webhook(test, crm, 'update', id);
    await held;
    putContact(test, crm, { ...data, tags: ['for a moment'] }, id);
    expect((await webhook(test, crm, 'update', id)).body.data.result).toBe('updated');
    putContact(test, crm, data, id);
    letGo();
    expect((await slow).body.data.result).toBe('updated');
    expect(await test.userOf(crm, id)).toMatchObject({ tags: ['before'] });
  });

  it('whose write comes when its job has found nothing to write comes too late', async () => {
    const data: ContactData = { email: newEmail(), tags: ['before'], custom: passwordless };
    const id = putContact(test, crm, data);
    await webhook(test, crm, 'add', id);
    putContact(test, crm, { ...data, tags: ['for a moment'] }, id);
    let late: unknown;
    io.before = ({ name, input }) => {
      if (name !== 'TransactWrite') return;
      late = input;
      io.before = undefined;
      throw lostAnswer();
    };
    expect((await webhook(test, crm, 'update', id)).status).toBe(202);
    putContact(test, crm, data, id);
    await drain(test, io);
    await expect(
      test.users.documents.send(new TransactWriteCommand(late as TransactWriteCommandInput)),
    ).rejects.toThrow('ConditionalCheckFailed');
    expect(await test.userOf(crm, id)).toMatchObject({ tags: ['before'] });
  });

  it('that wrote nothing is not followed by any', async () => {
    const id = putContact(test, crm, { email: newEmail(), tags: [], custom: passwordless });
    await webhook(test, crm, 'add', id);
    const { letGo } = slowPull();
    letGo();
    expect((await webhook(test, crm, 'update', id)).body.data.result).toBe('unchanged');
    expect(await takeJobs(test)).toEqual([]);
  });
});
