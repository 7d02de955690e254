import { describe, expect, it } from '@jest/globals';
import { add } from '../../functions/actions/add.ts';
import { deleteUser } from '../../functions/users/delete.ts';
import { findByContact, findByEmail, findById } from '../../functions/users/find.ts';
import { verifyPassword } from '../../functions/users/password.ts';
import { updateUser } from '../../functions/users/update.ts';
import {
  beforeWrite,
  create,
  encharge,
  newContact,
  ports,
  requestFor,
  setContact,
  useActionPorts,
  userOf,
} from './action-ports.ts';
import { newEmail } from './contacts.ts';
import { awsError } from './store.ts';

useActionPorts();

describe('a contact that becomes a user', () => {
  it('is written as the CRM has it, with its effects pending', async () => {
    const { id, email } = newContact(ports, { firstName: 'Ada', lastName: 'Lovelace', vip: 'yes' }, ['a']);
    expect(await add(requestFor(id, { sendNotification: true, role: 'editor' }), ports)).toEqual({
      result: 'created',
      userId: (await userOf(ports, id)).id,
      contactId: id,
      warnings: [],
      written: {
        changed: ['email', 'role', 'display_name', 'nickname', 'first_name', 'last_name', 'vip'],
        tagsAdded: 1,
        tagsRemoved: 0,
      },
    });
    const since = ports.now().toISOString();
    expect(await userOf(ports, id)).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      email,
      login: email,
      role: 'editor',
      fields: {
        first_name: 'Ada',
        last_name: 'Lovelace',
        display_name: 'Ada Lovelace',
        nickname: email,
        vip: true,
      },
      tags: ['a'],
      contacts: { [encharge]: id },
      pulled: { [encharge]: expect.stringMatching(/^[\w-]{16}$/) },
      effects: {
        welcome_mail: { since },
        return_password: { since, connection: encharge, salt: expect.stringMatching(/^[\w-]{43}$/) },
      },
      roleAt: since,
      welcomeAsked: since,
      version: 1,
      created: since,
      updated: since,
    });
    expect(ports.loaded).toEqual([id]);
  });

  it('has its job in the queue before it is there', async () => {
    const { id } = newContact(ports);
    let sentBefore: unknown[] = [];
    beforeWrite(ports, async () => {
      sentBefore = [...ports.jobs.sent];
      await Promise.resolve();
    });
    await add(requestFor(id), ports);
    expect(sentBefore).toEqual([
      {
        kind: 'effects',
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        userId: (await userOf(ports, id)).id,
        connection: encharge,
        contactId: id,
        lane: 'live',
        requestId: 'request-1',
        createdAt: ports.now().toISOString(),
      },
    ]);
    expect(ports.jobs.sent).toEqual(sentBefore);
  });

  it('with a password of its own, unasked for a mail, has no effects and no job', async () => {
    const { id } = newContact(ports, { user_pass: 'made-up-password' });
    await add(requestFor(id), ports);
    const { effects, passwordHash, fields } = await userOf(ports, id);
    expect(effects).toEqual({});
    expect(await verifyPassword('made-up-password', String(passwordHash))).toBe(true);
    expect(JSON.stringify(fields)).not.toContain('made-up-password');
    expect(ports.jobs.sent).toEqual([]);
  });

  it('without a password has none until one was made', async () => {
    const { id } = newContact(ports);
    await add(requestFor(id), ports);
    const user = await userOf(ports, id);
    expect(user).not.toHaveProperty('passwordHash');
    expect(Object.keys(user.effects)).toEqual(['return_password']);
  });

  it.each<[name: string, fields: Record<string, unknown>, displayName: string]>([
    ['both names', { firstName: 'Ada', lastName: 'Lovelace' }, 'Ada Lovelace'],
    ['a first name', { firstName: 'Ada' }, 'Ada'],
    ['a last name', { lastName: 'Lovelace' }, 'Lovelace'],
    ['no name', {}, 'login'],
    ['a name of its own', { firstName: 'Ada', name: 'Countess' }, 'Countess'],
  ])('with %s is called by it', async (_name, fields, displayName) => {
    const user_login = newEmail('login');
    const { id } = newContact(ports, { ...fields, user_login });
    await add(requestFor(id), ports);
    const expected = displayName === 'login' ? user_login : displayName;
    expect((await userOf(ports, id)).fields).toMatchObject({ display_name: expected, nickname: user_login });
  });

  it('carries every warning', async () => {
    const { id, email } = newContact(ports, { vip: 'perhaps', user_role: 'boss' });
    await create({ login: email });
    const { warnings } = await add(requestFor(id), ports);
    expect(warnings).toEqual(['field_invalid:vip', 'role_unknown', 'login_in_use']);
  });

  it('whose address is a username gets one with eight random digits', async () => {
    const { id, email } = newContact(ports);
    await create({ login: email });
    await add(requestFor(id), ports);
    expect((await userOf(ports, id)).login.slice(email.length)).toMatch(/^-[0-9a-f]{8}$/);
  });

  it('whose address becomes a username right before the write gets another one', async () => {
    const { id, email } = newContact(ports);
    beforeWrite(ports, () => create({ login: email }));
    expect(await add(requestFor(id), ports)).toMatchObject({ result: 'created', warnings: ['login_in_use'] });
  });

  it('that another webhook has just made a user, as a torn read shows it, is that user', async () => {
    const user_login = newEmail('login');
    const { id, email } = newContact(ports, { user_login });
    ports.users.meddle = async (name, input) => {
      if (name !== 'BatchGet') return;
      ports.users.meddle = undefined;
      await create({ email, login: user_login, contacts: { [encharge]: id } });
      // Of the two claims only the username's is seen.
      const { RequestItems } = input as { RequestItems: Record<string, { Keys: { pk: string }[] }> };
      for (const table of Object.values(RequestItems))
        table.Keys = table.Keys.filter(({ pk }) => !pk.startsWith('EMAIL#'));
    };
    expect(await add(requestFor(id), ports)).toMatchObject({ userId: (await userOf(ports, id)).id });
    expect((await findByEmail(ports.users, email))?.login).toBe(user_login);
  });

  it('whose chosen username is taken right before the write is refused', async () => {
    const user_login = newEmail('login');
    const { id, email } = newContact(ports, { user_login });
    beforeWrite(ports, () => create({ login: user_login }));
    await expect(add(requestFor(id), ports)).rejects.toMatchObject({
      name: 'LoginTaken',
      code: 'login_taken',
      message: 'The username from the CRM belongs to another user.',
    });
    expect(await findByEmail(ports.users, email)).toBeUndefined();
    expect(ports.loaded).toStrictEqual([id]);
  });

  it('whose chosen username is taken has no job', async () => {
    const { login } = await create({ login: newEmail('login') });
    const { id } = newContact(ports, { user_login: login });
    await expect(add(requestFor(id), ports)).rejects.toMatchObject({ code: 'login_taken' });
    expect(ports.jobs.sent).toStrictEqual([]);
  });

  it('while the table does not answer is left to the queue at once', async () => {
    const { id } = newContact(ports);
    const down = awsError('InternalServerError');
    let writes = 0;
    ports.users.meddle = (name) => {
      if (name !== 'TransactWrite') return;
      writes += 1;
      throw down;
    };
    await expect(add(requestFor(id), ports)).rejects.toBe(down);
    expect(writes).toBe(1);
  });
});

describe('a contact whose address a user holds', () => {
  it('of another contact that is gone: is linked, and pulled again before anything of it is written', async () => {
    const user = await create({ tags: ['old'] });
    const { id } = newContact(ports, { email: user.email }, ['seen first']);
    let pulls = 0;
    ports.onLoad = (contactId) => {
      pulls += contactId === id ? 1 : 0;
      if (pulls === 2) setContact(ports, id, { email: user.email }, ['seen later']);
    };
    expect(await add(requestFor(id), ports)).toMatchObject({ result: 'updated', userId: user.id });
    expect(await userOf(ports, id)).toMatchObject({
      id: user.id,
      tags: ['seen later'],
      contacts: { [encharge]: id },
    });
    expect(pulls).toBe(2);
  });

  it('of another contact that is gone, which a newer one takes first: leaves it the user', async () => {
    const user = await create();
    const old = String(user.contacts[encharge]);
    const [first, second] = [newContact(ports, { email: user.email }), newContact(ports)];
    setContact(ports, second.id, { email: user.email });
    ports.onLoad = async (contactId) => {
      if (contactId !== old) return;
      ports.onLoad = undefined;
      ports.contacts.delete(first.id);
      await add(requestFor(second.id), ports);
    };
    await expect(add(requestFor(first.id), ports)).rejects.toMatchObject({ code: 'contact_not_found' });
    expect(await userOf(ports, second.id)).toMatchObject({
      id: user.id,
      contacts: { [encharge]: second.id },
    });
  });

  it('and its contact does too, but ours has moved on meanwhile: both are users', async () => {
    const user = await create();
    const other = String(user.contacts[encharge]);
    setContact(ports, other, { email: user.email });
    const [{ id }, next] = [newContact(ports, { email: user.email }), newEmail('next')];
    ports.onLoad = (contactId) => {
      if (contactId === other) setContact(ports, id, { email: next });
    };
    expect(await add(requestFor(id), ports)).toMatchObject({ result: 'created' });
    expect(await userOf(ports, id)).toMatchObject({ email: next });
    expect(await userOf(ports, other)).toMatchObject({ id: user.id, email: user.email });
  });

  it('and its contact does too, but ours has lost it meanwhile: is refused', async () => {
    const user = await create();
    const other = String(user.contacts[encharge]);
    setContact(ports, other, { email: user.email });
    const { id } = newContact(ports, { email: user.email });
    ports.onLoad = (contactId) => {
      if (contactId === other) setContact(ports, id, {});
    };
    await expect(add(requestFor(id), ports)).rejects.toMatchObject({ code: 'email_missing' });
    expect(await userOf(ports, other)).toEqual(user);
  });

  it('whose own webhook moves it meanwhile: is a user at once', async () => {
    const user = await create();
    const own = String(user.contacts[encharge]);
    setContact(ports, own, { email: newEmail('moved') });
    const { id } = newContact(ports, { email: user.email });
    ports.onLoad = async (contactId) => {
      if (contactId !== own) return;
      ports.onLoad = undefined;
      await add(requestFor(own), ports);
    };
    expect(await add(requestFor(id), ports)).toMatchObject({ result: 'created' });
    expect(await userOf(ports, id)).toMatchObject({ email: user.email });
  });

  it('which waits for the address of a third one: waits too, and takes no account of another person', async () => {
    const [user, third] = [await create(), await create()];
    setContact(ports, String(user.contacts[encharge]), { email: third.email });
    setContact(ports, String(third.contacts[encharge]), { email: third.email });
    const { id } = newContact(ports, { email: user.email });
    const refusal = { code: 'too_many_conflicts', retryable: true };
    await expect(add(requestFor(id), ports)).rejects.toMatchObject(refusal);
    expect(await findById(ports.users, user.id)).toEqual(user);
    expect(await findByContact(ports.users, encharge, id)).toBeUndefined();

    const last = newEmail('last');
    setContact(ports, String(third.contacts[encharge]), { email: last });
    await add(requestFor(String(third.contacts[encharge])), ports);
    expect(await add(requestFor(id), ports)).toMatchObject({ result: 'created' });
    expect(await findById(ports.users, user.id)).toMatchObject({ email: third.email });
  });

  it('that is deleted before it is linked: becomes a user', async () => {
    const user = await create({ contacts: { userengage: newEmail() } });
    const { id } = newContact(ports, { email: user.email });
    beforeWrite(ports, () => deleteUser(ports.users, user));
    expect(await add(requestFor(id), ports)).toMatchObject({ result: 'created' });
    expect((await userOf(ports, id)).id).not.toBe(user.id);
  });
});

describe('a contact that is a user', () => {
  it('is written to, whoever else writes at the same moment', async () => {
    const { id } = newContact(ports, { city: 'London' });
    await add(requestFor(id), ports);
    setContact(ports, id, { email: (await userOf(ports, id)).email, city: 'Paris' }, ['new']);
    beforeWrite(ports, async () =>
      updateUser(ports.users, await userOf(ports, id), { fields: { orders: 1 } }),
    );
    expect(await add(requestFor(id), ports)).toMatchObject({ result: 'updated' });
    expect(await userOf(ports, id)).toMatchObject({ tags: ['new'], fields: { city: 'Paris', orders: 1 } });
  });
});
