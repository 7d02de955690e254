import { describe, expect, it } from '@jest/globals';
import { type ConfigInput, defineConfig } from '../../functions/config/define-config.ts';
import type { EffectPorts } from '../../functions/effects/ports.ts';
import { deleteUser } from '../../functions/users/delete.ts';
import { claimEffect, finishEffect } from '../../functions/users/pending-effects.ts';
import { updateUser } from '../../functions/users/update.ts';
import type { EffectName } from '../../functions/users/user.ts';
import { exampleInput } from '../unit/example-config.ts';
import { newEmail } from './contacts.ts';
import {
  create,
  crm,
  mails,
  newContactId,
  sesWith,
  stored,
  table,
  useEffectPorts,
  work,
} from './effect-ports.ts';
import { awsError } from './store.ts';

useEffectPorts();

const both: EffectName[] = ['welcome_mail', 'return_password'];

describe('the effects of a new user', () => {
  const [own, named] = [newContactId(), newContactId()];
  it.each([
    ['reach the contact that the user has', { userengage: own }, [own]],
    ['reach no contact that was unlinked since the job was sent', { encharge: own }, []],
  ])('%s', async (_name, contacts, reached) => {
    const user = await create(['return_password'], contacts);
    crm.answer({ status: 200 });
    const outcome = await work(user, {}, { connection: 'userengage', contactId: named });
    expect(outcome.result).toBe('done');
    const writes = reached.map((id) => ['POST', `/api/users/${id}/set_multiple_attributes/`]);
    expect(crm.received.map(({ method, url }) => [method, url])).toEqual(writes);
  });

  it('go to the address that the user has when the one before is done', async () => {
    const user = await create(both, { userengage: newContactId() });
    expect(Object.keys((await stored(user)).effects)).toEqual(['return_password', 'welcome_mail']);
    crm.answer({ status: 200 });
    const moved = newEmail('moved');
    let updates = 0;
    table.meddle = async (name) => {
      // The end of the password.
      if (name !== 'Update' || ++updates !== 2) return;
      table.meddle = undefined;
      await updateUser(table, await stored(user), { email: moved });
    };
    await work(user);
    expect(mails.map(({ Destination }) => Destination?.ToAddresses)).toEqual([[moved]]);
  });

  it('are none for a user who was deleted while the one before was done', async () => {
    const user = await create(both, { userengage: newContactId() });
    crm.answer({ status: 200 });
    let updates = 0;
    table.meddle = async (name) => {
      if (name !== 'Update' || ++updates !== 2) return;
      table.meddle = undefined;
      await deleteUser(table, await stored(user));
    };
    expect((await work(user)).result).toBe('done');
    expect(mails).toEqual([]);
  });

  it('wait for the next try when the address changes at the last moment', async () => {
    const user = await create(['welcome_mail']);
    table.meddle = async (name) => {
      if (name !== 'Update') return;
      table.meddle = undefined;
      await updateUser(table, await stored(user), { email: newEmail('moved') });
    };
    await expect(work(user)).rejects.toMatchObject({ code: 'too_many_conflicts', retryable: true });
    expect(mails).toEqual([]);
    await work(user);
    expect(mails.map(({ Destination }) => Destination?.ToAddresses)).toEqual([[(await stored(user)).email]]);
  });

  it('may be none', async () => {
    expect(await work(await create([]))).toEqual({ result: 'nothing_pending', done: [] });
  });

  it('are none when another job has just done them', async () => {
    const user = await create(['welcome_mail']);
    table.meddle = async (name) => {
      if (name !== 'Update') return;
      table.meddle = undefined;
      await claimEffect(table, user.id, 'welcome_mail', {});
      await finishEffect(table, user.id, 'welcome_mail');
    };
    expect(await work(user)).toEqual({ result: 'nothing_pending', done: [] });
    expect(mails).toEqual([]);
  });

  const without = (connections: ConfigInput['connections']) => ({
    config: defineConfig(exampleInput({ connections })),
  });
  it.each<[name: string, ports: Partial<EffectPorts>]>([
    ['connection', without({ encharge: { crm: 'encharge' } })],
    ['field', without({ userengage: { crm: 'userengage', account: 'acme' } })],
    ['client', { crm: () => undefined }],
  ])('leave out a password when its %s was taken away', async (_name, ports) => {
    const user = await create(['return_password'], { userengage: newContactId() });
    expect(await work(user, ports)).toEqual({ result: 'done', done: ['return_password'] });
    expect((await stored(user)).passwordHash).toBeUndefined();
    expect(crm.received).toEqual([]);
  });
});

it('a password waits when its field is not found, though its contact is', async () => {
  const contactId = newContactId();
  const user = await create(['return_password'], { userengage: contactId });
  crm.answer({ status: 404 }, { body: { id: Number(contactId), email: user.email, tags: [] } });
  await expect(work(user)).rejects.toMatchObject({ code: 'crm_write_refused', retryable: true });
  expect((await stored(user)).effects).toHaveProperty('return_password');
});

describe('an effect that fails', () => {
  it('is given back, and the other one is done all the same', async () => {
    const user = await create(both);
    crm.answer({ status: 401 });
    await expect(work(user)).rejects.toMatchObject({ code: 'crm_credentials_rejected', retryable: true });
    expect((await stored(user)).effects).toEqual({ return_password: { since: expect.any(String) } });
    expect(mails).toHaveLength(1);
  });

  it('fails for its own reason, even if it cannot be given back', async () => {
    const user = await create(['return_password']);
    crm.answer({ status: 401 });
    table.meddle = (name, { UpdateExpression }) => {
      if (name === 'Update' && String(UpdateExpression).startsWith('REMOVE')) throw awsError('Throttling');
    };
    await expect(work(user)).rejects.toMatchObject({ code: 'crm_credentials_rejected' });
  });

  it('is left to the job that works on it', async () => {
    const user = await create(both, { userengage: newContactId() });
    crm.answer({ status: 200 });
    await claimEffect(table, user.id, 'welcome_mail', {});
    await expect(work(user)).rejects.toMatchObject({
      code: 'effect_busy',
      retryable: true,
      message: expect.stringMatching(/another job/i),
    });
    expect(mails).toEqual([]);
    expect(Object.keys((await stored(user)).effects)).toEqual(['welcome_mail']);
  });

  it.each<[error: unknown, code: string]>([
    [awsError('MessageRejected'), 'mail_refused'],
    [awsError('MailFromDomainNotVerifiedException'), 'mail_refused'],
    [awsError('ConfigurationSetDoesNotExistException'), 'mail_refused'],
    [awsError('ConfigurationSetSendingPausedException'), 'mail_refused'],
    [awsError('AccountSendingPausedException'), 'mail_refused'],
    [awsError('InvalidParameterValue'), 'mail_refused'],
    [awsError('Throttling'), 'aws_unavailable'],
    [new TypeError('x'), 'internal_error'],
    ['MessageRejected', 'internal_error'],
    [undefined, 'internal_error'],
  ])('by SES, with %p, is %s', async (fault, code) => {
    const user = await create(['welcome_mail']);
    const ses = sesWith(() => Promise.reject(fault));
    const error = await work(user, { ses }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code, retryable: code !== 'internal_error', cause: fault });
    if (code === 'mail_refused')
      expect(error).toMatchObject({ message: expect.stringMatching(/SES refuses/) });
    expect((await stored(user)).effects).toEqual({ welcome_mail: { since: expect.any(String) } });
  });
});
