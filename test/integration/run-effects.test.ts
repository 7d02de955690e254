import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from '@jest/globals';
import { type ConfigInput, defineConfig } from '../../functions/config/define-config.ts';
import { CrmUnavailable } from '../../functions/crm/crm-errors.ts';
import type { EffectPorts } from '../../functions/effects/ports.ts';
import { createUser } from '../../functions/users/create.ts';
import { deleteUser } from '../../functions/users/delete.ts';
import { userKey } from '../../functions/users/items.ts';
import { claimEffect, finishEffect } from '../../functions/users/pending-effects.ts';
import { updateUser } from '../../functions/users/update.ts';
import type { EffectName } from '../../functions/users/user.ts';
import { effectsJob } from '../../lib/commands/support/effects-job.ts';
import config from '../../usher.config.ts';
import { exampleInput } from '../unit/example-config.ts';
import { exampleUser } from '../unit/example-user.ts';
import { newEmail } from './contacts.ts';
import {
  create,
  crm,
  mails,
  newContactId,
  pauses,
  plan,
  sesWith,
  stored,
  table,
  useEffectPorts,
  work,
} from './effect-ports.ts';
import { awsError, beforeNth } from './store.ts';

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
    // The end of the password.
    beforeNth(table, 2, 'Update', async () => {
      await updateUser(table, await stored(user), { email: moved });
    });
    await work(user);
    expect(mails.map(({ Destination }) => Destination?.ToAddresses)).toEqual([[moved]]);
  });

  it('are none for a user who was deleted while the one before was done', async () => {
    const user = await create(both, { userengage: newContactId() });
    crm.answer({ status: 200 });
    beforeNth(table, 2, 'Update', async () => {
      await deleteUser(table, await stored(user));
    });
    expect((await work(user)).result).toBe('done');
    expect(mails).toEqual([]);
  });

  it('wait for the next try when the address changes at the last moment', async () => {
    const user = await create(['welcome_mail']);
    beforeNth(table, 1, 'Update', async () => {
      await updateUser(table, await stored(user), { email: newEmail('moved') });
    });
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
    beforeNth(table, 1, 'Update', async () => {
      await claimEffect(table, user.id, 'welcome_mail', {});
      await finishEffect(table, user.id, 'welcome_mail');
    });
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

async function userWith(email: string, ...effects: Parameters<typeof plan>[0]) {
  const user = { ...plan(effects), email };
  await createUser(table, user);
  return user;
}

describe('a welcome mail to an address that SES refuses for good', () => {
  // Addresses with numbers for a domain were taken once.
  it.each(['zoë@example.com', 'a..b@example.com', 'ada@10.12', 'ada@１０.１３', 'ada@0x7f.0x1'])(
    '%s is over, without a mail and without a key',
    async (email) => {
      const user = await userWith(email, 'welcome_mail');
      expect(await work(user)).toEqual({
        result: 'refused',
        done: [],
        warnings: ['address_not_mailable'],
      });
      expect(mails).toEqual([]);
      expect(await stored(user)).toMatchObject({ effects: {} });
      expect(await work(user)).toEqual({ result: 'nothing_pending', done: [] });
    },
  );

  it('keeps no other effect from being done', async () => {
    const user = await userWith('zoë.two@example.com', 'welcome_mail', 'return_password');
    const [contactId = ''] = Object.values(user.contacts);
    crm.answer({ body: { users: [{ id: contactId, email: user.email }] } });
    expect(await work(user)).toEqual({
      result: 'done',
      done: ['return_password'],
      warnings: ['address_not_mailable'],
    });
  });

  it('is sent after all when the user has got another one meanwhile', async () => {
    const user = await userWith('zoë.three@example.com', 'welcome_mail');
    const email = newEmail();
    beforeNth(table, 1, 'Update', async () => {
      await table.documents.send(
        new UpdateCommand({
          TableName: table.name,
          Key: userKey(user.id),
          UpdateExpression: 'SET email = :email',
          ExpressionAttributeValues: { ':email': email },
        }),
      );
    });
    await expect(work(user)).rejects.toMatchObject({ code: 'too_many_conflicts', retryable: true });
    expect(await work(user)).toEqual({ result: 'done', done: ['welcome_mail'] });
    expect(mails.map(({ Destination }) => Destination?.ToAddresses)).toEqual([[email]]);
  });
});

/** When a job was made that is so many milliseconds old. */
const ago = (ms: number) => ({ createdAt: new Date(table.now().getTime() - ms).toISOString() });

describe('an effects job whose user is not there yet', () => {
  it.each([
    ['first', [25]],
    ['second', [25, 75]],
    ['third', [25, 75, 200]],
    ['last', [25, 75, 200, 700]],
  ])('finds it after the %s pause', async (_name, rested) => {
    const user = plan(['welcome_mail']);
    const sleep = async (ms: number) => {
      pauses.push(ms);
      if (pauses.length === rested.length) await createUser(table, user);
    };
    expect(await work(user, { sleep })).toEqual({ result: 'done', done: ['welcome_mail'] });
    expect(pauses).toEqual(rested);
  });

  it.each([0, 120_000])('comes again when it is %i ms old', async (age) => {
    await expect(work(plan(['welcome_mail']), {}, ago(age))).rejects.toMatchObject({
      code: 'user_not_created_yet',
      retryable: true,
      message: expect.stringMatching(/has not been written yet/),
    });
    expect(pauses).toEqual([25, 75, 200, 700]);
  });

  it('ends after two minutes', async () => {
    const outcome = await work(plan(['welcome_mail']), {}, ago(120_001));
    expect(outcome).toEqual({ result: 'user_not_created', done: [] });
  });

  it('ends at once when the contact is another user’s', async () => {
    const other = await create([]);
    expect(await work(other, {}, { userId: 'nobody' })).toEqual({ result: 'user_not_created', done: [] });
    expect(pauses).toEqual([]);
  });

  it('goes on when the user is created between the look at it and the look at its contact', async () => {
    const user = plan(['welcome_mail']);
    let reads = 0;
    table.meddle = async (name) => {
      if (name !== 'Get') return;
      reads += 1;
      if (reads === 2) await createUser(table, user);
    };
    expect(await work(user)).toEqual({ result: 'done', done: ['welcome_mail'] });
    expect(pauses).toEqual([25]);
  });
});

describe('an effects job for a move', () => {
  const movedAt = '2026-03-01T11:00:00.000Z';
  const moved = (at: string) => ({ ...plan(['welcome_mail']), moved: { at, mails: [at] } });

  it.each([
    ['the move that it is for', movedAt],
    ['a later one', '2026-03-01T11:00:00.001Z'],
  ])('finds %s', async (_name, at) => {
    const user = moved(at);
    await createUser(table, user);
    expect(await work(user, {}, { movedAt })).toMatchObject({ done: ['welcome_mail'] });
  });

  it('waits for the move, and not for one that lost against another write', async () => {
    const user = moved('2026-03-01T10:59:59.999Z');
    const { version } = await createUser(table, user);
    await expect(work(user, {}, { movedAt, version: version + 1 })).rejects.toMatchObject({
      code: 'user_not_created_yet',
    });
    pauses.length = 0;
    expect(await work(user, {}, { movedAt, version })).toMatchObject({ done: ['welcome_mail'] });
    expect(pauses).toEqual([]);
  });

  it.each([{ movedAt }, { awaits: 'welcome_mail' as const }])(
    'waits for no deleted user: %j',
    async (job) => {
      expect(await work(plan(['welcome_mail']), {}, job)).toEqual({ result: 'user_not_created', done: [] });
      expect(pauses).toEqual([]);
    },
  );
});

const since = '2026-03-01T12:00:00.000Z';

/** What is written to the CRM, try by try; the first one fails after it. */
function recording(written: [connection: string, id: string, password: unknown][]) {
  return (connection: string) => ({
    ...crm.client('userengage'),
    load: (id: string) => Promise.resolve({ id, email: undefined, fields: new Map(), tags: [] }),
    writeField: (id: string, _field: string, value: string) => {
      written.push([connection, id, value]);
      return written.length === 1 ? Promise.reject(new CrmUnavailable({})) : Promise.resolve();
    },
  });
}

it('a second try returns the same password, to the connection that asked, whoever sends the job', async () => {
  const contacts = { encharge: newContactId(), userengage: newContactId() };
  const pending = { since, connection: 'userengage', salt: 'a salt' };
  const user = { ...plan([], contacts), effects: { return_password: pending } };
  await createUser(table, user);
  const written: [string, string, unknown][] = [];
  const ports = { crm: recording(written) };
  await expect(work(user, ports)).rejects.toMatchObject({ code: 'crm_unavailable' });
  expect(await work(user, ports, { connection: 'encharge' })).toMatchObject({ done: ['return_password'] });
  expect(written).toEqual([written[0], written[0]]);
  expect(written[0]).toEqual(['userengage', contacts.userengage, expect.stringMatching(/^[A-Za-z0-9]{20}$/)]);
});

const given = { id: 'j', requestId: 'r', now: new Date(since) };

it.each([
  ['the one that asked', 'userengage', { encharge: 'e', userengage: 'u' }, 'userengage'],
  ['none of several, when nobody knows which', undefined, { encharge: 'e', userengage: 'u' }, undefined],
  ['the only one', undefined, { encharge: 'e' }, 'encharge'],
])('a job by hand is for %s', (_name, connection, contacts, expected) => {
  const pending = connection === undefined ? { since } : { since, connection };
  const user = exampleUser({
    contacts: contacts as Record<string, string>,
    effects: { return_password: pending },
  });
  expect(effectsJob(user, config, given)?.connection).toBe(expected);
});
