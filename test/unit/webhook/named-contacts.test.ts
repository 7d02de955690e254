import { describe, expect, it } from '@jest/globals';
import { encharge } from '../../../functions/crm/connectors/encharge.ts';
import { userengage } from '../../../functions/crm/connectors/userengage.ts';
import { braces } from '../../../functions/crm/template-forms.ts';
import type { Payload } from '../../../functions/webhook/body.ts';
import {
  type BodyForm,
  type NamedContacts,
  namedContacts,
} from '../../../functions/webhook/named-contacts.ts';
import { unknownParameters } from '../../../functions/webhook/unknown-parameters.ts';

const json = (value: unknown): Payload => ({ kind: 'json', value });
const form = (text: string): Payload => ({ kind: 'form', fields: new URLSearchParams(text) });
type Found = Omit<NamedContacts, 'places'>;
const byId = (ids: string[]) => ids.map((contactId) => ({ contactId }));

const single = (...ids: string[]): Found => ({
  contacts: byId(ids),
  isBatch: false,
  withoutId: 0,
  notFilled: 0,
  ignored: 0,
});

const batch = (ids: string[], withoutId = 0): Found => ({ ...single(...ids), isBatch: true, withoutId });

const ways = (...ids: string[][]): BodyForm => ({
  webhook: { ids },
  templateForms: braces,
  contactId: (text) => text,
});

const numbers = (count: number, start = 1) => Array.from({ length: count }, (_, index) => start + index);

describe('one contact', () => {
  it.each<[name: string, payload: Payload, found: Found]>([
    ['no body', { kind: 'none' }, single()],
    ['a text', json({ id: 'c1' }), single('c1')],
    ['a number', json({ id: 7 }), single('7')],
    ['trimmed', json({ id: ' c1 ' }), single('c1')],
    ['256 characters', json({ id: '👍'.repeat(256) }), single('👍'.repeat(256))],
    ['half a surrogate pair', json({ id: '\uD83D' }), single('\uFFFD')],
    ['blank', json({ id: '' }), single()],
    ['null', json({ id: null }), single()],
    ['a boolean', json({ id: true }), single()],
    ['an object', json({ id: { id: 'c1' } }), single()],
    ['another name', json({ ID: 'c1' }), single()],
    ['inherited', json(Object.create({ id: 'c1' })), single()],
    ['no object', json('c1'), single()],
    ['no value', json(null), single()],
    ['a form', form('id=c1'), single('c1')],
    ['a form without it', form('name=x'), single()],
    ['a form with it blank', form('id=%20'), single()],
    ['deeper, under the second path', json({ endUserData: { id: 'c2' } }), single('c2')],
    ['the first path wins', json({ id: 'c1', endUserData: { id: 'c2' } }), single('c1')],
    ['the second path when the first is blank', json({ id: '', endUserData: { id: 'c2' } }), single('c2')],
    ['a nested form name', form('endUserData[id]=c2'), single('c2')],
  ])('%s', (_name, payload, found) => {
    expect(namedContacts(payload, encharge)).toMatchObject(found);
  });

  it.each<[name: string, id: unknown]>([
    ['a number that lost its last digits', 2 ** 53],
    ['a fraction', 1.5],
    ['257 characters', 'x'.repeat(257)],
  ])('refused: %s', (_name, id) => {
    expect(() => namedContacts(json({ id }), encharge)).toThrow(
      expect.objectContaining({ code: 'invalid_parameter' }),
    );
  });
});

describe('several contacts', () => {
  it.each<[name: string, value: unknown, found: Found]>([
    ['a list', [{ id: 'a' }, { id: 2 }], batch(['a', '2'])],
    ['a list of one', [{ id: 'a' }], batch(['a'])],
    ['an empty list', [], batch([])],
    ['each once', [{ id: 'a' }, { id: ' a ' }, { id: 'b' }], batch(['a', 'b'])],
    ['some without id', [{ id: 'a' }, {}, { id: '' }, null, 'x', 7], batch(['a'], 5)],
    ['a list in a list', [[{ id: 'a' }], { id: 'b' }], batch(['a', 'b'])],
    ['no deeper', [[[{ id: 'a' }]], { id: 'b' }], batch(['b'], 1)],
    ['a list inside', { endUserData: [{ id: 'a' }, { id: 'b' }] }, batch(['a', 'b'])],
    ['a list of one inside', { endUserData: [{ id: 'a' }] }, batch(['a'])],
    ['an empty list inside', { endUserData: [] }, batch([])],
    ['some inside without id', { endUserData: [{ id: 'a' }, {}, [{ id: 'x' }]] }, batch(['a'], 2)],
    ['lists inside a list', [{ endUserData: [{ id: 'a' }] }, { id: 'b' }], batch(['a', 'b'])],
    ['ids as a list', { id: ['a', 'b'] }, batch(['a', 'b'])],
  ])('%s', (_name, value, found) => {
    expect(namedContacts(json(value), encharge)).toMatchObject(found);
  });

  it.each<[name: string, value: unknown, places: number[]]>([
    ['a list', [{ id: 'a' }, { id: 'b' }], [0, 1]],
    ['after elements without one', [{}, { id: 'a' }, null, { id: 'b' }], [1, 3]],
    ['of one that comes twice the first', [{ id: 'b' }, { id: 'a' }, { id: 'b' }, { id: 'c' }], [0, 1, 3]],
    ['a list inside', { endUserData: [{}, { id: 'a' }] }, [1]],
    ['an empty list', [], []],
  ])('the sender can be told their places: %s', (_name, value, places) => {
    expect(namedContacts(json(value), encharge).places).toEqual(places);
  });

  it.each<[name: string, value: unknown]>([
    ['a list', [{ id: 'a' }, { id: 2 ** 53 }, { id: 'x'.repeat(257) }]],
    ['a list deeper in', { id: ['a', 2 ** 53, 'x'.repeat(257)] }],
  ])('one with an id that cannot be used does not keep the others out: %s', (_name, value) => {
    expect(namedContacts(json(value), ways(['id']))).toMatchObject(batch(['a'], 2));
  });

  it('one with an id that cannot be used is not looked for in another place', () => {
    const value = [{ user: { id: 2 ** 53 }, extra: { id: 7 } }, { user: { id: 8 } }];
    expect(namedContacts(json(value), ways(['user', 'id'], ['extra', 'id']))).toMatchObject(batch(['8'], 1));
  });

  it.each<[name: string, value: unknown]>([
    ['a list', [{ id: 2 ** 53 }, {}]],
    ['a list deeper in', { id: [2 ** 53, null] }],
  ])('that all have ids that cannot be used are refused: %s', (_name, value) => {
    expect(() => namedContacts(json(value), ways(['id']))).toThrow(
      expect.objectContaining({ code: 'invalid_parameter' }),
    );
  });

  it('1,000 are taken', () => {
    const list = numbers(1000).map((id) => ({ id }));
    expect(namedContacts(json(list), encharge).contacts).toHaveLength(1000);
    expect(namedContacts(json({ endUserData: list }), encharge).contacts).toHaveLength(1000);
  });

  it.each<[name: string, value: unknown]>([
    ['in a list', numbers(1001).map((id) => ({ id }))],
    ['without ids', numbers(1001).map(() => ({}))],
    ['in a list inside', { endUserData: numbers(1001).map((id) => ({ id })) }],
    [
      'in several lists inside',
      [1, 501].map((start) => ({ endUserData: numbers(501, start).map((id) => ({ id })) })),
    ],
  ])('1,001 are not: %s', (_name, value) => {
    expect(() => namedContacts(json(value), encharge)).toThrow(
      expect.objectContaining({ code: 'payload_too_large' }),
    );
  });
});

describe('an id that the CRM has not filled in', () => {
  const placeholders = [
    '{{ person.id }}',
    '{{id}}',
    'id-{{ id }}-x',
    '{% if id %}7{% endif %}',
    ' {{{id}}} ',
  ];

  it.each(placeholders)('%j is none', (id) => {
    for (const payload of [json({ id }), json([{ id }]), form(new URLSearchParams({ id }).toString())]) {
      expect(() => namedContacts(payload, encharge)).toThrow(
        expect.objectContaining({ code: 'template_not_filled', retryable: false }),
      );
    }
    expect(() => namedContacts(json({ user: { id } }), userengage)).toThrow(
      expect.objectContaining({ code: 'template_not_filled' }),
    );
  });

  it.each(['{{', '}}', '{{ id', 'id }}', '}}{{', '{id}', '%id%', '[id]'])('%j is looked up', (id) => {
    expect(namedContacts(json({ id }), encharge)).toMatchObject(single(id));
  });

  it('is left out of a list, and counted', () => {
    const list = [{ id: '{{ id }}' }, { id: 'a' }, {}, { id: '{{id}}' }];
    expect(namedContacts(json(list), encharge)).toMatchObject({ ...batch(['a'], 1), notFilled: 2 });
  });
});

const none: Payload = { kind: 'none' };

it.each<[query: string, names: string[]]>([
  ['role=a&send_notification=1&async=&email=&contact_id=&wpf_action=&access_key=', []],
  ['role[]=a', ['role[]']],
  ['role[0]=a&role[ada@example.com]=b', ['role[]']],
  ['send-notification=1&sendNotification=1', ['send-notification', 'sendNotification']],
  ['Role=a&ROLE=b&Role=c', ['Role', 'ROLE']],
  ['contactId=1&contact-id=2&contact+id=3&e-mail=4', ['contactId', 'contact-id', 'contact id', 'e-mail']],
  ['+role=a', ['role']],
  ['wpf.action=add&AccessKey=x', ['wpf.action', 'AccessKey']],
  ['utm_source=x&id=1&roles=a&rolle=b&name=c', []],
  [`${'r'.repeat(100)}=1&role\u0000=1&role[=1&__proto__=1&constructor=1`, []],
])('in the query: %s', (query, names) => {
  expect(unknownParameters(new URLSearchParams(query), none)).toEqual(names);
});

it('in a body that is meant for Usher, and in no other', () => {
  const names = (payload: Payload) => unknownParameters(new URLSearchParams('Role=a'), payload);
  expect(names(json({ access_key: 'k', 'send-notification': true, Role: 'a' }))).toEqual([
    'Role',
    'send-notification',
  ]);
  expect(names(json({ 'send-notification': true, Email: 'x' }))).toEqual(['Role']);
  expect(names(json([{ access_key: 'k', 'role[]': 'a' }]))).toEqual(['Role']);
  expect(names({ kind: 'form', fields: new URLSearchParams('wpf_action=add&role[]=a') })).toEqual([
    'Role',
    'role[]',
  ]);
});
