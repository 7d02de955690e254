import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import config from '../../usher.config.ts';
import { startTestStack, type TestStack } from '../support/test-stack.ts';
import { request, type WebhookOptions } from '../support/webhook.ts';
import { withoutPasswords } from './configs.ts';
import { crms, newContact } from './contacts.ts';

let test: TestStack;
beforeAll(async () => {
  // A name outside ASCII shows how bodies were decoded.
  const list = [...config.roles.list, { slug: 'buyer', name: 'Käufer ☕', privileged: false }];
  test = await startTestStack({ config: { ...withoutPasswords, roles: { ...config.roles, list } } });
});
afterAll(() => test.stop());

const add = (crm: string, options: WebhookOptions, query: Record<string, string> = {}) => {
  const access_key = String(test.stack.connections[crm]?.accessKey);
  return request(test, { method: 'POST', query: { wpf_action: 'add', access_key, ...query }, ...options });
};
const named = { encharge: (id: unknown) => ({ id }), userengage: (id: unknown) => ({ user: { id } }) };

describe.each(crms)('%s: content type', (crm) => {
  const types: [string, Record<string, string>][] = [
    ['application/json', { 'content-type': 'application/json' }],
    ['application/json; charset=utf-8', { 'content-type': 'application/json; charset=utf-8' }],
    ['application/vnd.api+json', { 'content-type': 'application/vnd.api+json' }],
    ['missing', {}],
    ['empty', { 'content-type': '' }],
    ['text/plain', { 'content-type': 'text/plain' }],
    ['that of a form', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['of bytes', { 'content-type': 'application/octet-stream' }],
    ['nonsense', { 'content-type': 'json please' }],
  ];
  const json = (id: string) => JSON.stringify({ ...named[crm](id), wpf_action: 'add', role: 'Käufer ☕' });
  const form = (id: string) => `contact_id=${id}&wpf_action=add&role=Käufer+☕`;

  it.each(types)('%s: a body that starts with { is JSON', async (_name, headers) => {
    const id = newContact(test, crm);
    const answer = await add(crm, { headers, body: json(id) });
    expect(answer.body.data).toMatchObject({ result: 'created', contact_id: id });
    expect(await test.userOf(crm, id)).toMatchObject({ role: 'buyer' });
  });

  it.each(types)('%s: any other body is a form', async (_name, headers) => {
    const id = newContact(test, crm);
    const answer = await add(crm, { headers, body: form(id) });
    expect(answer.body.data).toMatchObject({ result: 'created', contact_id: id });
    expect(await test.userOf(crm, id)).toMatchObject({ role: 'buyer' });
  });

  it.each([
    ['blanks before the brace', (id: string) => ` \r\n\t${json(id)}\n`],
    ['a byte order mark', (id: string) => `\uFEFF${json(id)}`],
    ['a byte order mark and blanks', (id: string) => `\uFEFF\n ${json(id)}`],
    [
      'a percent-encoded form',
      (id: string) => String(new URLSearchParams({ contact_id: id, wpf_action: 'add', role: 'Käufer ☕' })),
    ],
    ['a form with a line break at the end', (id: string) => `${form(id)}\r\n`],
  ])('%s', async (_name, write) => {
    const id = newContact(test, crm);
    expect((await add(crm, { body: write(id) })).status).toBe(200);
    expect(await test.userOf(crm, id)).toMatchObject({ role: 'buyer' });
  });

  it.each(['{', '{"id": }', '[1,', "{'id': 1}", '{"id": "1"} trailing', '[object Object]'])(
    '%s is 400 malformed_body',
    async (body) => {
      const answer = await add(crm, { body });
      expect([answer.status, answer.body.error.code]).toEqual([400, 'malformed_body']);
      expect(answer.body.error.message).not.toContain(body);
    },
  );
});

describe.each(crms)('%s: the id of the contact', (crm) => {
  it('comes as text or as a number', async () => {
    const id = newContact(test, crm);
    for (const spelling of [id, ` ${id} `, ...(crm === 'userengage' ? [Number(id)] : [])]) {
      const answer = await add(crm, { body: JSON.stringify(named[crm](spelling)) });
      expect(answer.body.data.contact_id).toBe(id);
    }
  });

  it('as a number that is too long to be exact is 400, not the wrong contact', async () => {
    const body = JSON.stringify(named[crm](1)).replace('1', '12345678901234567890');
    const answer = await add(crm, { body });
    expect([answer.status, answer.body.error.code]).toEqual([400, 'invalid_parameter']);
  });

  it.each([[''], [' '], [null], [true], [{}], [{ id: '1' }]])(
    '%j is no id: 400 contact_id_missing',
    async (id) => {
      const answer = await add(crm, { body: JSON.stringify(named[crm](id)) });
      expect([answer.status, answer.body.error.code]).toEqual([400, 'contact_id_missing']);
    },
  );

  it('contact_id overrides the one in the body', async () => {
    const [wanted, other] = [newContact(test, crm), newContact(test, crm)];
    const answer = await add(crm, { body: JSON.stringify(named[crm](other)) }, { contact_id: wanted });
    expect(answer.body.data.contact_id).toBe(wanted);
    expect(await test.userOf(crm, other)).toBeUndefined();
  });

  it('an empty contact_id overrides nothing', async () => {
    const id = newContact(test, crm);
    const answer = await add(crm, { body: JSON.stringify(named[crm](id)) }, { contact_id: '' });
    expect(answer.body.data.contact_id).toBe(id);
  });

  it('stands in a form under the same name', async () => {
    const id = newContact(test, crm);
    const body = String(new URLSearchParams({ [crm === 'encharge' ? 'id' : 'user[id]']: id }));
    expect((await add(crm, { body })).body.data.contact_id).toBe(id);
  });
});

describe('encharge: the id of the contact', () => {
  it('a UUID is the same in upper case', async () => {
    const id = newContact(test, 'encharge');
    await add('encharge', { body: JSON.stringify({ id }) });
    const answer = await add('encharge', { body: JSON.stringify({ id: id.toUpperCase() }) });
    expect(answer.body.data).toMatchObject({ result: 'unchanged', contact_id: id });
  });

  it('a number is looked up as it is', async () => {
    test.encharge.people.put({ id: '4711', email: 'number.4711@example.com' });
    expect((await add('encharge', { body: '{"id":4711}' })).body.data.contact_id).toBe('4711');
  });
});

describe('userengage: "Exclude user info from call"', () => {
  it('the id comes in the URL then', async () => {
    const contact_id = newContact(test, 'userengage');
    const body = '{"path":6,"timestamp":"2026-03-14T15:09:26+00:00","extra":{}}';
    expect((await add('userengage', { body }, { contact_id })).body.data.contact_id).toBe(contact_id);
  });

  it.each(['contact_id', 'user_id', 'id'])('or in extra.%s, which the marketer typed', async (name) => {
    const id = newContact(test, 'userengage');
    for (const spelling of [id, Number(id)]) {
      const body = JSON.stringify({ path: 6, extra: { [name]: spelling } });
      expect((await add('userengage', { body })).body.data.contact_id).toBe(id);
    }
  });

  it('user.id comes before extra', async () => {
    const [id, other] = [newContact(test, 'userengage'), newContact(test, 'userengage')];
    const body = JSON.stringify({ extra: { contact_id: other }, user: { id: Number(id) } });
    expect((await add('userengage', { body })).body.data.contact_id).toBe(id);
  });
});

describe.each(crms)('%s: nothing from the body is trusted but the id', (crm) => {
  it('address, names, tags and fields come from the API', async () => {
    const id = newContact(test, crm, { email: `real.${crm}@example.com`, firstName: 'Real', tags: ['real'] });
    const claimed = {
      email: 'forged@example.com',
      firstName: 'Forged',
      name: 'Forged',
      tags: ['forged'],
      user_login: 'forged',
      user_pass: 'forged-password',
      attributes: [{ name_std: 'user_login', value: 'forged' }],
    };
    const body = JSON.stringify({
      ...claimed,
      ...named[crm](id),
      user: { ...claimed, id: Number(id) || id },
    });
    expect((await add(crm, { body })).status).toBe(200);
    const user = await test.userOf(crm, id);
    expect(user).toMatchObject({
      email: `real.${crm}@example.com`,
      login: `real.${crm}@example.com`,
      tags: ['real'],
    });
    expect(JSON.stringify(user)).not.toMatch(/forged/i);
  });
});
