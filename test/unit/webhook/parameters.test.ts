import { describe, expect, it } from '@jest/globals';
import type { Payload } from '../../../functions/webhook/body.ts';
import { lookup, type ParameterName, readParameters } from '../../../functions/webhook/parameters.ts';

const none: Payload = { kind: 'none' };
const raw = (value: unknown): Payload => ({ kind: 'json', value });
/** Bodies that are meant for Usher, as they say. */
const json = (value: object): Payload => raw(Object.assign(value, { access_key: 'k' }));
const form = (text: string): Payload => ({
  kind: 'form',
  fields: new URLSearchParams(`${text}&access_key=k`),
});

function read(query: string, payload: Payload = none) {
  const parameters = new URLSearchParams(query);
  return readParameters(parameters, lookup(parameters, payload));
}

describe('a parameter is looked for', () => {
  it.each<[name: string, query: string, payload: Payload, role: string | undefined]>([
    ['in the query', 'role=a', none, 'a'],
    ['in the form', '', form('role=b'), 'b'],
    ['in the JSON body', '', json({ role: 'c' }), 'c'],
    ['in the query before the form', 'role=a', form('role=b'), 'a'],
    ['in the query before the JSON body', 'role=a', json({ role: 'c' }), 'a'],
    ['in the query even if it is empty there', 'role=', json({ role: 'c' }), undefined],
    ['once: the first counts', 'role=a&role=b', none, 'a'],
    ['by its exact name', 'Role=a', none, undefined],
    ['nowhere else: not deeper', '', json({ user: { role: 'c' } }), undefined],
    ['nowhere else: not in a list', '', raw([{ role: 'c', access_key: 'k' }]), undefined],
    ['nowhere else: not in the prototype', '', json(Object.create({ role: 'c' })), undefined],
    ['in vain in null', '', raw(null), undefined],
    ['in vain in a text', '', raw('role'), undefined],
    ['null is absent', '', json({ role: null }), undefined],
    ['blank is absent', 'role=%20%09', none, undefined],
    ['and trimmed', 'role=%20a%0A', none, 'a'],
    ['a number is its text', '', json({ role: 7 }), '7'],
    ['half a surrogate pair is replaced', '', json({ role: 'a\uD83D' }), 'a\uFFFD'],
  ])('%s', (_name, query, payload, role) => {
    expect(lookup(new URLSearchParams(query), payload)('role')).toBe(role);
  });

  it.each([[{ role: {} }], [{ role: ['a'] }], [{ role: 2 ** 53 }], [{ role: 1.5 }]])(
    '%j is refused',
    (body) => {
      expect(() => lookup(new URLSearchParams(), json(body))('role')).toThrow(
        expect.objectContaining({
          code: 'invalid_parameter',
          message: expect.stringMatching(/^The parameter role /),
        }),
      );
    },
  );
});

describe('a body that is not meant for Usher', () => {
  const person = {
    role: 'Head of Sales',
    email: 'ada@example.com',
    async: 'yes',
    send_notification: 'perhaps',
  };

  it.each<[name: string, payload: Payload]>([
    ['JSON', raw({ ...person, contact_id: 7 })],
    ['a form', { kind: 'form', fields: new URLSearchParams({ ...person, contact_id: '7' }) }],
  ])('gives the contact’s id and no parameter: %s', (_name, payload) => {
    for (const action of ['add', 'update', 'update_tags', 'test']) {
      expect(read(`wpf_action=${action}`, payload)).toEqual({
        ...read(`wpf_action=${action}`),
        contactId: '7',
      });
    }
    expect(read('wpf_action=update&role=editor', payload)).toMatchObject({ role: 'editor' });
  });

  it.each<[name: string, payload: Payload]>([
    ['an action in JSON', raw({ wpf_action: '', role: 'editor' })],
    ['a key in JSON', raw({ access_key: null, role: 'editor' })],
    ['an action in a form', { kind: 'form', fields: new URLSearchParams('wpf_action=&role=editor') }],
    ['a key in a form', { kind: 'form', fields: new URLSearchParams('access_key=k&role=editor') }],
  ])('is meant with %s', (_name, payload) => {
    expect(read('wpf_action=update', payload).role).toBe('editor');
  });

  it.each<[name: string, payload: Payload]>([
    ['inherited', raw(Object.create({ access_key: 'k' }, { role: { value: 'editor', enumerable: true } }))],
    ['deeper', raw({ extra: { access_key: 'k' }, role: 'editor' })],
    ['in a list', raw([{ access_key: 'k', role: 'editor' }])],
    ['another name', raw({ Access_Key: 'k', role: 'editor' })],
  ])('is not meant with a key %s', (_name, payload) => {
    expect(read('wpf_action=update', payload).role).toBeUndefined();
  });
});

describe('the action', () => {
  it.each([
    ['add', 'add'],
    ['ADD', 'add'],
    ['%20Update%20', 'update'],
    ['update_tags', 'update_tags'],
    ['Delete', 'delete'],
    ['Test', 'test'],
  ])('%s', (given, action) => {
    expect(read(`wpf_action=${given}`).action).toBe(action);
  });

  it.each(['', 'wpf_action=', 'wpf_action=remove', 'wpf_action=add,update', 'wpf_action=__proto__'])(
    'unknown: %j',
    (query) => {
      expect(() => read(query)).toThrow(
        expect.objectContaining({
          code: 'unknown_action',
          message: 'wpf_action must be one of add, update, update_tags, delete, test.',
        }),
      );
    },
  );
});

describe('a parameter that the action does not have', () => {
  const elsewhere = {
    email: 'ada@intranet',
    role: 'x'.repeat(300),
    send_notification: 'perhaps',
    async: 'perhaps',
  };

  it.each<[action: string, names: (keyof typeof elsewhere)[]]>([
    ['add', ['email']],
    ['update', ['send_notification']],
    ['update_tags', ['role', 'send_notification']],
    ['test', ['email', 'async']],
  ])('%s: may be a field of a person in the body, but not in the URL', (wpf_action, names) => {
    const others = names.map((name): [string, string] => [name, elsewhere[name]]);
    const without = read(`wpf_action=${wpf_action}`);
    expect(read(`wpf_action=${wpf_action}`, json(Object.fromEntries(others)))).toEqual(without);
    expect(
      read(`wpf_action=${wpf_action}`, json(Object.fromEntries(names.map((name) => [name, []])))),
    ).toEqual(without);
    expect(read(`wpf_action=${wpf_action}`, form(new URLSearchParams(others).toString()))).toEqual(without);
    for (const name of names) {
      expect(() => read(`wpf_action=${wpf_action}&${name}=${elsewhere[name]}`)).toThrow(
        expect.objectContaining({ code: 'invalid_parameter' }),
      );
    }
  });
});

it.each([
  ['ada+news@example.com', 'ada+news@example.com'],
  ['ada%2Bnews@example.com', 'ada+news@example.com'],
  ['%20ada+news@example.com%20', 'ada+news@example.com'],
])('an address in the URL, with or without its plus encoded: %s', (given, email) => {
  expect(read(`wpf_action=update&email=${given}`).email).toBe(email);
  expect(read('wpf_action=update', form(`email=${given}`)).email).toBe(email);
});

it('an address in JSON is as it is written', () => {
  expect(() => read('wpf_action=update', json({ email: 'ada news@example.com' }))).toThrow(
    expect.objectContaining({ code: 'invalid_parameter' }),
  );
});

describe('booleans', () => {
  const names: ParameterName[] = ['send_notification', 'async'];
  const words: [given: unknown, value: boolean][] = [
    ['true', true],
    ['TRUE', true],
    ['1', true],
    ['yes', true],
    ['On', true],
    [' true ', true],
    [true, true],
    [1, true],
    ['false', false],
    ['False', false],
    ['0', false],
    ['no', false],
    ['off', false],
    ['', false],
    [' ', false],
    [null, false],
    [false, false],
    [0, false],
  ];

  it.each(names.flatMap((name) => words.map(([given, value]) => [name, given, value] as const)))(
    '%s: %j is %s',
    (name, given, value) => {
      const parameters = read('wpf_action=add', json({ [name]: given }));
      expect(name === 'async' ? parameters.isAsync : parameters.sendNotification).toBe(value);
    },
  );

  it.each(['maybe', '2', 'truee', 'null', '-1', 'y'])('%s is neither', (word) => {
    for (const name of names) {
      expect(() => read(`wpf_action=add&${name}=${word}`)).toThrow(
        expect.objectContaining({
          code: 'invalid_parameter',
          message: `The parameter ${name} must be true or false.`,
        }),
      );
    }
  });

  it('are false when they are absent', () => {
    expect(read('wpf_action=add')).toEqual({
      action: 'add',
      contactId: undefined,
      email: undefined,
      role: undefined,
      sendNotification: false,
      isAsync: false,
    });
  });
});

describe('limits', () => {
  it.each<[name: string, parameter: string, value: string]>([
    ['an id of 256 characters', 'contact_id', 'x'.repeat(256)],
    ['an id of 256 emoji', 'contact_id', '👍'.repeat(256)],
    ['an id with everything', 'contact_id', '#/?&= %é👩‍👩‍👧‍👦__proto__'],
    ['a role of 256', 'role', 'r'.repeat(256)],
    ['an address', 'email', 'Ada+x@example.com'],
  ])('%s', (_name, parameter, value) => {
    const { contactId, role, email } = read(`wpf_action=update&${parameter}=${encodeURIComponent(value)}`);
    expect(contactId ?? role ?? email).toBe(value);
  });

  it.each([
    ['contact_id', 'x'.repeat(257)],
    ['contact_id', '👍'.repeat(257)],
    ['role', 'r'.repeat(257)],
    ['email', 'ada'],
    ['email', 'ada@10.12'],
    ['email', 'ada@example.com,eve@example.com'],
    ['email', 'ada@example.com\r\nBcc: eve@example.com'],
    ['email', `${'a'.repeat(250)}@example.com`],
  ])('%s refused', (parameter, value) => {
    expect(() => read(`wpf_action=update&${parameter}=${encodeURIComponent(value)}`)).toThrow(
      expect.objectContaining({
        code: 'invalid_parameter',
        message: expect.not.stringContaining(value),
      }),
    );
  });
});
