import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { enchargeSeedId } from '../../../lib/sandbox/encharge-person.ts';
import type { Sandbox } from '../../../lib/sandbox/sandbox.ts';
import { startSandbox } from '../../../lib/sandbox/start-sandbox.ts';
import { at, type Call, callerOf, pluck } from './exchange.ts';

const [ada, newId] = [enchargeSeedId(1), 'a0000000-0000-4000-8000-000000000000'];
let sandbox: Sandbox<'encharge'>;
let call: Call;

beforeAll(async () => {
  sandbox = await startSandbox('encharge', { token: 'fake-encharge-token' });
  call = callerOf(sandbox);
});
afterEach(() => sandbox.people.reset());
afterAll(() => sandbox.stop());

describe('what public clients call besides', () => {
  const byEmail = '/people?people[0][email]=ada@example.com';

  it('DELETE /people archives: nobody finds the person any more', async () => {
    expect((await call(byEmail, { method: 'DELETE' })).status).toBe(204);
    expect((await call(byEmail)).json).toEqual({ users: [] });
    expect((await call('/people', { method: 'DELETE' })).status).toBe(400);
  });

  it('POST /people/unsubscribe', async () => {
    const unsubscribe = (email: string) =>
      call(`/people/unsubscribe?email=${email}`, { method: 'POST' }).then(({ status }) => status);
    expect([await unsubscribe('ada@example.com'), await unsubscribe('x@example.com')]).toEqual([204, 404]);
    expect(sandbox.people.get(ada)).toMatchObject({ unsubscribed: true });
  });

  it.each(['email,firstName', 'email&attributes=firstName'])(
    'attributes=%s asks for some fields',
    async (names) => {
      const person = { id: ada, email: 'ada@example.com', firstName: 'Ada' };
      expect((await call(`${byEmail}&attributes=${names}`)).json).toEqual({ users: [person] });
      expect(at((await call(`/people/all?limit=1&attributes=${names}`)).json, 'people', 0)).toEqual(person);
    },
  );

  it('leaves out what was never written, and gives null for what was emptied', async () => {
    const body = [{ id: newId, email: 'new@example.com', lastName: null }];
    const { json } = await call('/people', { method: 'POST', body });
    const person = at(json, 'users', 0);
    expect(person).toMatchObject({ lastName: null });
    for (const name of ['firstName', 'name', 'userId', 'leadScore', 'tags'])
      expect(person).not.toHaveProperty(name);
  });
});

describe('POST /people', () => {
  it.each([
    ['id', { id: ada }],
    ['e-mail', { email: 'ada@example.com' }],
  ])('updates who has that %s', async (_, identifier) => {
    const { status, json } = await call('/people', {
      method: 'POST',
      body: [{ ...identifier, wpPassword: 'generated' }],
    });
    expect(status).toBe(200);
    expect(json).toEqual({
      users: [expect.objectContaining({ id: ada, wpPassword: 'generated', lastName: 'Lovelace' })],
    });
    const stored = sandbox.people.get(ada);
    expect(at(json, 'users', 0)).toEqual(stored);
    expect(stored?.updatedAt).not.toBe(stored?.createdAt);
  });

  it('answers one user to an object', async () => {
    const { json } = await call('/people', { method: 'POST', body: { id: ada, city: 'London' } });
    expect(json).toMatchObject({ user: { id: ada, city: 'London' } });
  });

  it('creates a person of an id that nobody has', async () => {
    await call('/people', { method: 'POST', body: [{ id: newId, wpPassword: 'lost' }] });
    expect(sandbox.people.get(newId)).toMatchObject({ id: newId, email: null, wpPassword: 'lost' });
  });

  it('gives a new person an id', async () => {
    const { json } = await call('/people', { method: 'POST', body: [{ email: 'new@example.com' }] });
    expect(sandbox.people.get(String(at(json, 'users', 0, 'id')))).toMatchObject({
      email: 'new@example.com',
    });
  });

  it('adds a field that nobody had', async () => {
    const fieldNames = async () => pluck(at((await call('/fields')).json, 'items'), 'name');
    expect(await fieldNames()).not.toContain('wpPasword');
    await call('/people', { method: 'POST', body: [{ id: ada, wpPasword: 'typo' }] });
    expect(await fieldNames()).toContain('wpPasword');
  });
});

describe('tags', () => {
  it('are added, several at once', async () => {
    const { status, text } = await call('/tags', { method: 'POST', body: { tag: 'new, customer', id: ada } });
    expect({ status, text }).toEqual({ status: 201, text: '' });
    expect(sandbox.people.get(ada)?.tags).toBe('customer,newsletter,new');
  });

  it('are removed by a DELETE with a body', async () => {
    const { status, text } = await call('/tags', {
      method: 'DELETE',
      body: { tag: 'customer', email: 'ada@example.com' },
    });
    expect({ status, text }).toEqual({ status: 204, text: '' });
    expect(sandbox.people.get(ada)?.tags).toBe('newsletter');
  });
});
