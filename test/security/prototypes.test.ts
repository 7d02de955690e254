import { afterEach, describe, expect, it } from '@jest/globals';
import { configSchema } from '../../functions/config/config.ts';
import { stageSettings } from '../../functions/config/stages.ts';
import { usersWithTag } from '../../functions/users/list.ts';
import { withConnections } from '../contract/configs.ts';
import { existingUser, newContact, newEmail, newUser } from '../contract/contacts.ts';
import { collected } from '../integration/table-state.ts';
import { test, useTestStack } from '../support/test-stack.ts';
import { keyOf, request, webhook } from '../support/webhook.ts';
import { exampleInput } from '../unit/example-config.ts';

/** Names that every object has, and the ways to another object's prototype. */
const names = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'valueOf',
  'hasOwnProperty',
  '__defineGetter__',
  'constructor.prototype',
  'constructor[prototype][polluted]',
  '__proto__.polluted',
  '__proto__[polluted]',
];

/** Own and inherited names of what everything inherits from. */
const state = () =>
  [Object, Array, String, Function, Map, Promise].map(({ prototype }) =>
    Reflect.ownKeys(prototype).map(String),
  );
const before = state();

const mapped = (field: string, type: 'text' | 'raw' = 'text') => ({ field, type, clearWhenEmpty: true });
useTestStack({
  withPoller: false,
  config: withConnections(({ returnPassword: _none, fields, ...connection }) => ({
    ...connection,
    fields: {
      ...fields,
      from_proto: mapped('__proto__'),
      from_to_string: mapped('toString'),
      raw: mapped('anything', 'raw'),
      from_constructor: mapped('constructor'),
      toString: mapped('nickname'),
      valueOf: mapped('valueOf'),
    },
  })),
});
afterEach(() => {
  expect(state()).toEqual(before);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

const query = () => ({ wpf_action: 'add', access_key: keyOf(test, 'encharge') });

describe.each(names)('%s', (name) => {
  const nested = (value: string) =>
    `{${JSON.stringify(name)}:${value},"__proto__":${value},"constructor":{"prototype":${value}}}`;

  it('as a parameter, in query, form and JSON, is nobody’s', async () => {
    const id = newContact(test, 'encharge');
    const polluted = nested(JSON.stringify({ polluted: true, id, role: 'editor' }));
    for (const options of [
      { query: { ...query(), contact_id: id, [name]: 'polluted' } },
      { query: query(), body: String(new URLSearchParams({ [name]: 'polluted', id })) },
      { query: query(), body: `{"id":"${id}",${polluted.slice(1)}` },
    ]) {
      const { status, body } = await request(test, options);
      expect([status, body.data.contact_id]).toEqual([200, id]);
    }
    expect(await existingUser(test, 'encharge', id)).toMatchObject({ role: 'subscriber' });
  });

  it('names neither contact nor parameters that a body only inherits', async () => {
    const inherited = JSON.stringify({
      id: '1',
      wpf_action: 'add',
      contact_id: '1',
      access_key: keyOf(test, 'encharge'),
    });
    const answers = [
      await request(test, { query: query(), body: nested(inherited) }),
      await request(test, { body: nested(inherited) }),
    ];
    expect(answers.map(({ body }) => body.error.code)).toEqual(['contact_id_missing', 'invalid_access_key']);
  });

  it('as an action, an id, a role or an address is a wrong one', async () => {
    const send = async (more: Record<string, string>) =>
      (await request(test, { query: { ...query(), ...more } })).body;
    expect((await send({ wpf_action: name })).error.code).toBe('unknown_action');
    expect((await send({ contact_id: name })).data.reason).toBe('contact_not_found');
    expect((await send({ wpf_action: 'update', email: name })).error.code).toBe('invalid_parameter');
    expect((await send({ contact_id: '1', async: name })).error.code).toBe('invalid_parameter');
    expect((await send({ access_key: name })).error.code).toBe('invalid_access_key');
    const id = newContact(test, 'encharge');
    expect((await send({ contact_id: id, role: name })).data.warnings).toEqual(['role_unknown']);
  });

  it('as an id, a tag, a username and a value in the CRM is what it is', async () => {
    const id = `${name} ${newEmail('id')}`;
    const email = newEmail();
    const login = `${name}.${email}`;
    test.encharge.people.put({
      id,
      email,
      tags: [name, `${name} too`],
      fields: { user_login: login, user_role: name, firstName: name, nickname: name },
    });
    const answer = await webhook(test, 'encharge', 'add', id);
    expect(answer.body.data).toMatchObject({ result: 'created', contact_id: id, warnings: ['role_unknown'] });
    const user = await existingUser(test, 'encharge', id);
    expect(user).toMatchObject({ login, tags: [name, `${name} too`].sort(), role: 'subscriber' });
    expect(Object.entries(user.fields)).toEqual(
      expect.arrayContaining([
        ['first_name', name],
        ['toString', name],
      ]),
    );
    expect((await collected(usersWithTag(test.users, name))).map((one) => one.id)).toContain(user.id);
    expect((await webhook(test, 'encharge', 'update', id)).body.data.result).toBe('unchanged');
  });

  it('as a field of the CRM is a field like any other', async () => {
    const { id } = await newUser(test, 'encharge');
    const person = test.encharge.people.get(id);
    test.encharge.people.put({ ...person, fields: { ...person?.fields, [name]: 'value', anything: [name] } });
    expect((await webhook(test, 'encharge', 'update', id)).body.data).toMatchObject({
      result: 'updated',
      warnings: [],
    });
    const stored = new Map(Object.entries((await existingUser(test, 'encharge', id)).fields));
    expect(stored.get('raw')).toEqual([name]);
    const holders = new Map([
      ['constructor', 'from_constructor'],
      ['toString', 'from_to_string'],
      ['valueOf', 'valueOf'],
    ]);
    for (const [field, holder] of holders)
      expect(stored.get(holder)).toBe(field === name ? 'value' : undefined);
    expect((await webhook(test, 'encharge', 'update', id)).body.data.result).toBe('unchanged');
  });
});

describe('fields called like something that every object has', () => {
  it('of nobody are not stored, and nothing is written for them', async () => {
    const { id, user } = await newUser(test, 'encharge');
    expect(Object.keys(user.fields)).not.toEqual(expect.arrayContaining(['constructor']));
    expect((await webhook(test, 'encharge', 'update', id)).body.data.result).toBe('unchanged');
    expect(await existingUser(test, 'encharge', id)).toEqual({ ...user, looks: 1 });
  });

  it.each([
    ['{"toString":{"prototype":{"polluted":true}},"valueOf":"x"}', []],
    ['{"a":{"__proto__":{"polluted":true}}}', ['field_invalid:raw']],
    ['{"__proto__":{"polluted":true}}', ['field_invalid:raw']],
    // By `constructor.name` the document client would take it for a set, a map, a text.
    ['{"constructor":{"prototype":{"polluted":true}}}', ['field_invalid:raw']],
    ['[{"constructor":{"name":"Set"}}]', ['field_invalid:raw']],
    ['{"a":[{"constructor":{"name":"Map"}}]}', ['field_invalid:raw']],
    ['{"constructor":"String"}', ['field_invalid:raw']],
  ])('inside a raw value: %s, warnings %j', async (json, warnings) => {
    const { id } = await newUser(test, 'encharge', { tags: ['before'] });
    test.encharge.people.put({
      ...test.encharge.people.get(id),
      tags: ['after'],
      fields: { anything: JSON.parse(json) as unknown },
    });
    const answer = await webhook(test, 'encharge', 'update', id);
    expect(answer.body.data).toMatchObject({ result: 'updated', warnings });
    const { fields, tags } = await existingUser(test, 'encharge', id);
    expect(tags).toEqual(['after']);
    expect(fields['raw']).toEqual(warnings.length === 0 ? JSON.parse(json) : undefined);
  });
});

it.each(['constructor', '__proto__'])('no local field is called %s', (name) => {
  const fields = Object.fromEntries([[name, 'x']]);
  const input = exampleInput({ connections: { main: { crm: 'encharge', fields } } });
  const checked = configSchema.safeParse(input);
  if (checked.success)
    expect(Object.keys(checked.data.connections['main']?.fields ?? {})).not.toContain(name);
  expect(checked.success && name === 'constructor').toBe(false);
});

it.each(['constructor', 'toString', '__proto__'])('no stage is called %s', (name) => {
  expect(() => stageSettings({}, name)).toThrow('cannot be a stage');
});
