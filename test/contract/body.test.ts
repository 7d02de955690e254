import { describe, expect, it } from '@jest/globals';
import config from '../../usher.config.ts';
import { crm, test, useTestStack } from '../support/test-stack.ts';
import { keyOf, request, type WebhookOptions } from '../support/webhook.ts';
import { withoutPasswords } from './configs.ts';
import { newContact } from './contacts.ts';

// A name outside ASCII shows how bodies were decoded.
const list = [...config.roles.list, { slug: 'buyer', name: 'Käufer ☕', privileged: false }];
useTestStack({ config: { ...withoutPasswords, roles: { ...config.roles, list } } });

const add = (options: WebhookOptions, query: Record<string, string> = {}) =>
  request(test, {
    method: 'POST',
    query: { wpf_action: 'add', access_key: keyOf(test), ...query },
    ...options,
  });

describe('content type', () => {
  const types: [string, Record<string, string>][] = [
    ['application/json', { 'content-type': 'application/json' }],
    ['missing', {}],
    ['text/plain', { 'content-type': 'text/plain' }],
    ['that of a form', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['of bytes', { 'content-type': 'application/octet-stream' }],
  ];
  const json = (id: string) => JSON.stringify({ id, wpf_action: 'add', role: 'Käufer ☕' });
  const form = (id: string) => `contact_id=${id}&wpf_action=add&role=Käufer+☕`;

  it.each(types)('%s: a body that starts with { is JSON, and any other a form', async (_name, headers) => {
    for (const write of [json, form]) {
      const id = newContact(test, crm);
      const answer = await add({ headers, body: write(id) });
      expect(answer.body.data).toMatchObject({ result: 'created', contact_id: id });
      expect(await test.userOf(crm, id)).toMatchObject({ role: 'buyer' });
    }
  });

  it.each([
    ['a byte order mark and blanks', (id: string) => `\uFEFF\n ${json(id)}`],
    [
      'a percent-encoded form',
      (id: string) => String(new URLSearchParams({ contact_id: id, wpf_action: 'add', role: 'Käufer ☕' })),
    ],
    ['a form with a line break at the end', (id: string) => `${form(id)}\r\n`],
  ])('%s', async (_name, write) => {
    const id = newContact(test, crm);
    expect((await add({ body: write(id) })).status).toBe(200);
    expect(await test.userOf(crm, id)).toMatchObject({ role: 'buyer' });
  });

  it.each(['{', '{"id": "1"} trailing'])('%s is 400 malformed_body', async (body) => {
    const answer = await add({ body });
    expect([answer.status, answer.body.error.code]).toEqual([400, 'malformed_body']);
    expect(answer.body.error.message).not.toContain(body);
  });
});

describe('the id of the contact', () => {
  it('comes as text or as a number', async () => {
    const id = newContact(test, crm);
    for (const spelling of [id, ` ${id} `]) {
      const answer = await add({ body: JSON.stringify({ id: spelling }) });
      expect(answer.body.data.contact_id).toBe(id);
    }
  });

  it('as a number that is too long to be exact is 400, not the wrong contact', async () => {
    const body = JSON.stringify({ id: 1 }).replace('1', '12345678901234567890');
    const answer = await add({ body });
    expect([answer.status, answer.body.error.code]).toEqual([400, 'invalid_parameter']);
  });

  it.each([[''], [null], [{}]])('%j is no id: 400 contact_id_missing', async (id) => {
    const answer = await add({ body: JSON.stringify({ id }) });
    expect([answer.status, answer.body.error.code]).toEqual([400, 'contact_id_missing']);
  });

  it('contact_id overrides the one in the body', async () => {
    const [wanted, other] = [newContact(test, crm), newContact(test, crm)];
    const answer = await add({ body: JSON.stringify({ id: other }) }, { contact_id: wanted });
    expect(answer.body.data.contact_id).toBe(wanted);
    expect(await test.userOf(crm, other)).toBeUndefined();
  });

  it('an empty contact_id overrides nothing', async () => {
    const id = newContact(test, crm);
    const answer = await add({ body: JSON.stringify({ id }) }, { contact_id: '' });
    expect(answer.body.data.contact_id).toBe(id);
  });
});

describe('encharge: the id of the contact', () => {
  it('a UUID is the same in upper case', async () => {
    const id = newContact(test, 'encharge');
    await add({ body: JSON.stringify({ id }) });
    const answer = await add({ body: JSON.stringify({ id: id.toUpperCase() }) });
    expect(answer.body.data).toMatchObject({ result: 'unchanged', contact_id: id });
  });
});

describe('nothing from the body is trusted but the id', () => {
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
      id,
      user: { ...claimed, id: Number(id) || id },
    });
    expect((await add({ body })).status).toBe(200);
    const user = await test.userOf(crm, id);
    expect(user).toMatchObject({
      email: `real.${crm}@example.com`,
      login: `real.${crm}@example.com`,
      tags: ['real'],
    });
    expect(JSON.stringify(user)).not.toMatch(/forged/i);
  });
});
