import { createHash } from 'node:crypto';
import type { PersonDraft } from '../../lib/sandbox/person.ts';
import type { Answers, ConnectorEntry, Example } from './connector-entry.ts';

const keyOf = (name: string) => createHash('sha1').update(name).digest('hex');
/** Custom fields as they are answered, and what becomes of them. */
const custom: [name: string, answered: unknown, read: unknown][] = [
  ['bio', 'Countess', 'Countess'],
  ['score', 98.6, 98.6],
  ['birthday', '1815-12-10', '1815-12-10'],
  ['vip', { id: 3, label: 'Yes' }, 'Yes'],
  [
    'interests',
    [
      { id: 11, label: 'mathematics' },
      { id: 12, label: 'poetry, too' },
    ],
    ['mathematics', 'poetry, too'],
  ],
  ['nickname', null, null],
];
const field = (field_name: string, field_code: string, is_custom_field: boolean) => {
  return { field_name, field_code, field_type: 'varchar', options: null, subfields: null, is_custom_field };
};
const fieldsOf = (data: object[], next_cursor: string | null = null) => {
  return { success: true, data, additional_data: { next_cursor } };
};
const definitions = fieldsOf([
  field('Person Name', 'name', false),
  ...custom.map(([name]) => field(name, keyOf(name), true)),
]);
const email = 'ada@example.com';
const person = {
  ...{ id: 1815, name: 'Ada Lovelace', first_name: 'Ada', last_name: 'Lovelace', owner_id: 1, org_id: null },
  ...{ add_time: '2026-01-05T09:00:00Z', is_deleted: false, visible_to: 3 },
  emails: [
    { value: 'ada@home.example.com', primary: false, label: 'home' },
    { value: email, primary: true, label: 'work' },
  ],
  phones: [{ value: '+442079460000', primary: true, label: 'work' }],
  custom_fields: Object.fromEntries(custom.map(([name, answered]) => [keyOf(name), answered])),
};
const labelled = (...names: string[]) => ({
  ...person,
  label_ids: names.map((_, index) => 5 + index),
  labels: names.map((label, index) => ({ id: 5 + index, label })),
});
const answer = (data: unknown) => ({ success: true, data });
const whole = (data: unknown): Answers => [answer(data), definitions];

const fields = {
  ...{ name: 'Ada Lovelace', first_name: 'Ada', last_name: 'Lovelace', email, phone: '+442079460000' },
  ...Object.fromEntries(
    custom.flatMap(([name, , read]) => [
      [name, read],
      [keyOf(name), read],
    ]),
  ),
};
const stored = (tags: readonly string[]): PersonDraft => ({
  id: 1815,
  email,
  tags,
  fields: {
    ...{ name: 'Ada Lovelace', firstName: 'Ada', lastName: 'Lovelace', phone: '+442079460000' },
    ...Object.fromEntries(custom.map(([name, , read]) => [name, name === 'vip' ? true : read])),
  },
});
const example = (name: string, given: readonly string[], recorded: Example['recorded']): Example => ({
  name,
  recorded,
  sandbox: stored(given),
  contact: { id: '1815', fields, tags: given },
});

const errorOf = (error: string, more = {}) => {
  return { success: false, error, error_info: 'Please check developers.pipedrive.com', ...more };
};
const one = { contacts: [{ contactId: '1815' }] };
const nobody = { contacts: [], ignored: 1 };
const meta = (more: object) => ({
  ...{ action: 'change', entity: 'person', entity_id: '1815', company_id: '7', version: '2.0', attempt: 1 },
  ...{ id: '00000000-0000-0000-0000-000000000001', host: 'acme.pipedrive.com', ...more },
});
const wrong = '0 007 -1 1.0 1e3 abc search .. 12345678901234567 ada@example.com'.split(' ');
const asked = 'include_labels=true&include_option_labels=true';
const listFields = 'GET personFields?limit=500';
const write = (field_name: string, key: string) => ({
  ...{ id: '1815', field: field_name, value: '"\n👍', answers: [definitions, {}] },
  requests: [listFields, `PATCH persons/1815 {"custom_fields":{"${key}":"\\"\\n👍"}}`],
});

export const pipedrive: ConnectorEntry = {
  baseUrls: [
    [{}, 'https://api.pipedrive.com/api/v2/'],
    [{ company: 'acme', tagsFrom: keyOf('interests') }, 'https://acme.pipedrive.com/api/v2/'],
  ],
  credentials: { apiToken: 'fake-token' },
  authorised: { headers: { 'x-api-token': 'fake-token' } },
  examples: [
    example('labels', ['customer', 'VIP, gold 👍'], {
      documented: whole(labelled('customer', 'VIP, gold 👍')),
    }),
    example('one label', ['customer'], { documented: whole(labelled('customer')) }),
    example('no labels', [], {
      'an empty list': whole(labelled()),
      'an empty list of their numbers only': whole({ ...person, label_ids: [] }),
      'null beside it': whole({ ...person, label_ids: [], labels: null }),
    }),
    example('labels with odd names', ['a/b', '__proto__'], {
      documented: whole(labelled(' a/b ', '__proto__', ' ')),
    }),
  ],
  otherAnswers: {
    'somebody else': [whole({ ...labelled(), id: 1816 }), ['1816']],
    'somebody who was deleted, or merged': [whole({ ...labelled('customer'), is_deleted: true }), []],
    'neither address nor number': [whole({ ...labelled(), emails: [], phones: null }), ['1815']],
  },
  fields: {
    'sums, addresses and times': [
      [
        answer({
          ...labelled(),
          custom_fields: {
            [keyOf('a')]: { value: 7.5, currency: 'EUR' },
            [keyOf('b')]: { value: 'Bern', country: 'CH' },
          },
        }),
        fieldsOf([field('Budget', keyOf('a'), true), field('Home', keyOf('b'), true)]),
      ],
      { Budget: 7.5, Home: 'Bern' },
    ],
    'a field that has no name any more': [
      [answer({ ...labelled(), custom_fields: { [keyOf('a')]: 'x' } }), fieldsOf([])],
      { [keyOf('a')]: 'x' },
    ],
    'a name that hides no other': [
      [
        answer({ ...labelled(), custom_fields: { [keyOf('a')]: 'x' } }),
        fieldsOf([field('email', keyOf('a'), true)]),
      ],
      { email, [keyOf('a')]: 'x' },
    ],
  },
  refused: {
    nothing: [null],
    'an empty object': [{}],
    'an error with 200': [errorOf('Person not found', { data: null })],
    'a person without a wrapper': [labelled()],
    'a list': [answer([labelled()])],
    'no id': [answer({ ...labelled(), id: undefined })],
    'a fraction for an id': [answer({ ...labelled(), id: 1.5 })],
    'no labels, as if nobody had asked for them': whole({ ...person, label_ids: [5] }),
    'an empty list of labels beside their numbers': whole({ ...labelled(), label_ids: [5] }),
    'neither labels nor their numbers': whole(person),
    'labels as null': whole({ ...labelled('customer'), labels: null }),
    'labels as an object': whole({ ...labelled(), labels: { customer: true } }),
    'labels as a text': whole({ ...labelled(), labels: 'customer' }),
    'labels by number': whole({ ...labelled(), labels: [5] }),
    'labels without names': whole({ ...labelled(), labels: [{ id: 5 }] }),
    'no custom fields': whole({ ...labelled(), custom_fields: undefined }),
    'custom fields as a list': whole({ ...labelled(), custom_fields: [] }),
    'no names of fields': [answer(labelled()), errorOf('x')],
  },
  errors: {
    'nobody there': {
      status: 404,
      body: errorOf('Person not found', { data: null, additional_data: null }),
      code: 'contact_not_found',
    },
    'a token that is none': {
      status: 401,
      body: errorOf('unauthorized access', { errorCode: 401 }),
      code: 'crm_credentials_rejected',
    },
    'a limit of two seconds': {
      status: 429,
      headers: { 'x-ratelimit-limit': '20', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '2' },
      body: errorOf('request over limit', { code: 429 }),
      code: 'crm_rate_limited',
      seconds: 2,
    },
    'a value that is none': {
      status: 400,
      body: errorOf('Validation failed', { code: 'ERR_SCHEMA_VALIDATION_FAILED' }),
      code: 'crm_write_refused',
      isWrite: true,
    },
  },
  versions: { 'the only one': {} },
  webhooks: {
    'a change': [
      {
        meta: meta({}),
        data: { id: 1815, emails: person.emails, label_ids: [5] },
        previous: { label_ids: [] },
      },
      one,
    ],
    'a deletion': [{ meta: meta({ action: 'delete' }), data: null, previous: null }, one],
    'a change of a deal': [
      { meta: meta({ entity: 'deal', entity_id: '7' }), data: { id: 7, person_id: 1815 } },
      nobody,
    ],
    'a change in version 1': [
      {
        ...{ v: 1, event: 'updated.person', current: { id: 1815, name: 'Ada Lovelace' }, previous: {} },
        meta: { action: 'updated', object: 'person', id: 1815 },
      },
      one,
    ],
    'a deletion in version 1': [
      {
        v: 1,
        event: 'deleted.person',
        current: null,
        previous: { id: 1815 },
        meta: { object: 'person', id: 1815 },
      },
      one,
    ],
    'a deal in version 1': [{ v: 1, current: { id: 7 }, meta: { object: 'deal', id: 7 } }, nobody],
    'a step of an automation': [{ id: '1815' }, one],
    'an address that somebody typed': [{ email }, { contacts: [{ contactEmail: email }] }],
  },
  ids: [['1815', '1815'], ...wrong.map((given) => [given, undefined] as const)],
  unknownId: '999999999',
  loads: { '1815': `GET persons/1815?${asked}` },
  finds: {
    'ada@example.com': 'GET persons/search?term=ada@example.com&fields=email&exact_match=true&limit=10',
  },
  writes: [
    write('bio', keyOf('bio')),
    write(keyOf('bio'), keyOf('bio')),
    {
      ...{ id: '1815', field: 'name', value: 'Zoë', answers: [{}] },
      requests: ['PATCH persons/1815 {"name":"Zoë"}'],
    },
  ],
  lists: {
    everybody: {
      kind: 'all',
      answers: [
        {
          success: true,
          data: [
            { id: 7, emails: [{ value: 'other@example.com' }, { value: 'ada@example.com', primary: true }] },
            { id: 8, emails: [] },
          ],
          additional_data: { next_cursor: 'eyJ' },
        },
      ],
      requests: ['GET persons?sort_by=id&sort_direction=asc&include_labels=true&limit=500'],
      page: {
        contacts: [
          { id: '7', email: 'ada@example.com' },
          { id: '8', email: undefined },
        ],
        next: 'eyJ',
      },
    },
    'who has a label, among all': {
      kind: 'tag',
      of: 'Customer',
      place: 'eyJ',
      answers: [
        {
          data: [{ field_code: 'label_ids', options: [{ id: 5, label: 'Customer' }] }],
          additional_data: { next_cursor: null },
        },
        {
          data: [
            { id: 7, emails: [], labels: [{ id: 5, label: 'Customer' }] },
            { id: 8, emails: [], labels: [] },
          ],
          additional_data: { next_cursor: null },
        },
      ],
      requests: [
        'GET personFields?limit=500',
        'GET persons?sort_by=id&sort_direction=asc&include_labels=true&limit=500&cursor=eyJ',
      ],
      page: {
        contacts: [
          { id: '7', email: undefined },
          { id: '8', email: undefined, isOther: true },
        ],
        next: undefined,
      },
    },
  },
  noLists: {
    nothing: [null],
    'an empty object': [{}],
    'an error with 200': [{ error: 'x' }],
  },
  check: 'GET personFields?limit=1',
  fieldLists: {
    'one page': [[definitions], ['email', 'bio', keyOf('bio')], [listFields]],
    'two pages': [
      [fieldsOf([field('Size', keyOf('a'), true)], 'fake-cursor'), definitions],
      ['Size', 'bio'],
      [listFields, `${listFields}&cursor=fake-cursor`],
    ],
    'none of its own': [[fieldsOf([])], ['name', 'phone'], [listFields]],
  },
  noFieldLists: {
    nothing: [null],
    'an empty object': [{}],
    'an error with 200': [errorOf('unauthorized access')],
    'fields without keys': [fieldsOf([{ field_name: 'Size' }])],
  },
  writable: ['wp_password', keyOf('bio'), 'name'],
};
