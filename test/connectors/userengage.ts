import type { PersonDraft } from '../../lib/sandbox/person.ts';
import type { ConnectorEntry } from './connector-entry.ts';

const standard = {
  id: 1815,
  email: 'ada@example.com',
  name: 'Ada King Lovelace',
  phone_number: '+44 20 7946 0000',
  city: 'London',
  region: 'England',
  country: 'United Kingdom',
  gender: 'female',
  status: 'user',
  score: 3,
  unsubscribed: false,
  first_seen: '2026-01-05T09:00:00.123456Z',
  last_contacted: null,
};
const custom = {
  vip: true,
  orders: 42,
  birthday: '1815-12-10',
  interests: ['mathematics', 'poetry'],
  bio: '',
};
const more = {
  lists: [{ id: 1, name: 'Newsletter' }],
  companies: [],
  created_at: '2026-01-05T09:00:00.123456Z',
};

/** Version 1 lists custom attributes by display name and `name_std`. */
const versionOne = {
  ...standard,
  ...more,
  key: 'fakekey00001',
  user_id: 'customer-1815',
  attributes: [
    { id: 1001, name: 'VIP', name_std: 'vip', value: true },
    { id: 1002, name: 'Orders', name_std: 'orders', value: 42 },
    { id: 1003, name: 'Birthday', name_std: 'birthday', value: '1815-12-10' },
    { id: 1004, name: 'Interests', name_std: 'interests', value: ['mathematics', 'poetry'] },
    { id: 1005, name: 'Bio', name_std: 'bio', value: '' },
  ],
};
/** Version 2 was recorded with flat custom attributes; the vendor's samples of it still show the list. */
const versionTwoBasics = { ...standard, ...more, user_key: 'fakekey00001', custom_id: 'customer-1815' };
const versionTwo = { ...versionTwoBasics, ...custom };

const tagsOf = (...names: string[]) => names.map((name, index) => ({ id: index + 1, name }));

/** Every shape in which one user was seen. */
const shapes = (tags: unknown) => ({
  'version 1': [{ ...versionOne, tags }],
  'version 2': [{ ...versionTwo, tags }],
  'version 2 as the vendor documents it': [{ ...versionTwoBasics, tags, attributes: versionOne.attributes }],
  'a search with many=true': [[{ ...versionTwo, tags }]],
  'a page': [{ count: 1, next: null, previous: null, results: [{ ...versionOne, tags }] }],
});

const contact = (tags: string[]) => ({
  id: '1815',
  fields: { ...standard, ...custom, first_name: 'Ada', last_name: 'King Lovelace' },
  tags,
});
const { id, email, phone_number: phone, ...others } = standard;
const stored = (tags: string[]): PersonDraft => ({
  id,
  email,
  tags,
  fields: { ...others, ...custom, phone },
});

const user = { ...versionTwo, tags: [] };
const lastPage = {
  count: 2,
  next: null,
  previous: null,
  results: [
    { id: 1, name: 'WP password', name_std: 'wp_password', value_type: 'string', content_type: 'user' },
    { id: 2, name: 'VIP', name_std: null },
  ],
};

export const userengage: ConnectorEntry = {
  baseUrls: [
    [{ account: 'acme' }, 'https://acme.user.com/api/public/'],
    [{ account: 'acme.user.com' }, 'https://acme.user.com/api/public/'],
    [{ account: 'app.userengage.com' }, 'https://app.userengage.com/api/public/'],
  ],
  credentials: { apiToken: 'fake-token' },
  authorised: { headers: { authorization: 'Token fake-token', accept: '*/*; version=2' } },
  examples: [
    {
      name: 'tags',
      recorded: shapes(tagsOf('customer', 'VIP customer')),
      sandbox: stored(['customer', 'VIP customer']),
      contact: contact(['customer', 'VIP customer']),
    },
    {
      name: 'tags by name only, with spaces and repeated ones',
      recorded: { 'a list of texts': [{ ...versionTwo, tags: [' customer ', 'VIP', 'customer', ' '] }] },
      sandbox: stored([' customer ', 'VIP', 'customer', ' ']),
      contact: contact(['customer', 'VIP']),
    },
    {
      name: 'no tags, as null',
      recorded: shapes(null),
      sandbox: stored([]),
      contact: contact([]),
    },
    {
      name: 'null among tags',
      recorded: {
        'a list of objects': [
          { ...versionTwo, tags: [null, { id: 1, name: 'customer' }, { id: 2, name: null }] },
        ],
        'a list of texts': [{ ...versionTwo, tags: ['customer', null] }],
        'null among attributes': [
          { ...versionOne, tags: ['customer'], attributes: [null, ...versionOne.attributes] },
        ],
      },
      sandbox: stored(['customer']),
      contact: contact(['customer']),
    },
    { name: 'no tags', recorded: shapes([]), sandbox: stored([]), contact: contact([]) },
    {
      name: 'tags that mean something elsewhere',
      recorded: shapes(tagsOf('#hash', 'a/b', 'a,b', '__proto__', '100%', '👍')),
      sandbox: stored(['#hash', 'a/b', 'a,b', '__proto__', '100%', '👍']),
      contact: contact(['#hash', 'a/b', 'a,b', '__proto__', '100%', '👍']),
    },
  ],
  otherAnswers: {
    'nobody in a list': [[[]], []],
    'nobody in a page': [[{ count: 0, next: null, previous: null, results: [] }], []],
    'several people': [[[user, { ...user, id: 1816 }]], ['1815', '1816']],
    'an id as a text': [[{ ...user, id: '9007199254740993' }], ['9007199254740993']],
    'no attributes': [[{ ...user, attributes: null }], ['1815']],
    'an attribute without a name': [[{ ...user, attributes: [{ id: 1, value: 'x' }] }], ['1815']],
  },
  refused: {
    nothing: [null],
    'a text': ['OK'],
    'an empty object': [{}],
    'an error with 200': [{ detail: 'Request was throttled.' }],
    'another key': [{ users: [user] }],
    'no user in a list': [[null]],
    'no id': [{ ...user, id: undefined }],
    'an id of letters': [{ ...user, id: 'abc' }],
    'a fraction for an id': [{ ...user, id: 1.5 }],
    'an id that lost its last digits': [{ ...user, id: 2 ** 53 }],
    'no tags': [{ ...user, tags: undefined }],
    'tags as a text': [{ ...user, tags: 'customer,vip' }],
    'tags as an object': [{ ...user, tags: { customer: true } }],
    'tags without names': [{ ...user, tags: [{ id: 1 }] }],
    'tags by number': [{ ...user, tags: [1, 2] }],
    'tags of one of two': [[user, { ...user, id: 1816, tags: {} }]],
    'a page of something else': [{ count: 1, results: [{ id: 1, name: 'a tag' }] }],
    'attributes as an object': [{ ...user, attributes: { vip: true } }],
  },
  versions: {
    'version 1': { accept: 'application/json' },
    'version 2': { accept: 'application/json; version=2' },
  },
  webhooks: {
    'a call of an automation': [
      {
        path: 6,
        timestamp: '2026-03-01T12:00:00.000000+00:00',
        extra: {},
        user: { id: 1815, key: 'fakekey00001', name: 'Ada Lovelace', email: 'ada@example.com', tags: [] },
      },
      { contacts: [{ contactId: '1815' }] },
    ],
    'a call with typed data': [
      { path: 6, extra: { note: 'x' }, user: { id: 1815 } },
      { contacts: [{ contactId: '1815' }] },
    ],
    'a call without user info': [
      { path: 6, timestamp: '2026-03-01T12:00:00+00:00', extra: {} },
      { contacts: [] },
    ],
    'a call without user info, its id typed': [
      { path: 6, extra: { contact_id: '1815' } },
      { contacts: [{ contactId: '1815' }] },
    ],
    'a call without user info, its id typed as a number': [
      { path: 6, extra: { user_id: 1815 } },
      { contacts: [{ contactId: '1815' }] },
    ],
    'a list of users': [
      [{ user: { id: 1815 } }, { user: { id: 1816 } }, { user: {} }],
      { contacts: [{ contactId: '1815' }, { contactId: '1816' }], isBatch: true, withoutId: 1 },
    ],
    'a form': ['user[id]=1815', { contacts: [{ contactId: '1815' }] }],
  },
  ids: [
    ['1815', '1815'],
    ['9223372036854775807', '9223372036854775807'],
    ['0', undefined],
    ['007', undefined],
    ['-1', undefined],
    ['1.0', undefined],
    ['abc', undefined],
    ['search', undefined],
    ['..', undefined],
    ['ada@example.com', undefined],
  ],
  unknownId: '999999999',
  loads: { '1815': 'GET users/1815/' },
  finds: { 'ada+x@example.com': 'GET users/search/?email=ada+x@example.com' },
  writes: [
    {
      id: '1815',
      field: 'wp_password',
      value: 'fake-password',
      answers: [{}],
      requests: ['POST users/1815/set_multiple_attributes/ {"wp_password":"fake-password"}'],
    },
    {
      id: '1815',
      field: 'city',
      value: 'Zürich',
      answers: [{}],
      requests: ['PUT users/1815/ {"city":"Zürich"}'],
    },
  ],
  check: 'GET users/',
  fieldLists: {
    'one page': [
      [lastPage],
      ['wp_password', 'WP password', 'VIP', 'email', 'phone_number', 'first_name', 'last_seen'],
      ['GET attributes/?page=1'],
    ],
    'two pages': [
      [
        {
          count: 101,
          next: 'https://acme.user.com/api/public/attributes/?page=2',
          previous: null,
          results: [],
        },
        lastPage,
      ],
      ['name', 'score', 'wp_password'],
      ['GET attributes/?page=1', 'GET attributes/?page=2'],
    ],
  },
  noFieldLists: {
    nothing: [null],
    'an empty object': [{}],
    'a refusal with 200': [{ detail: 'x' }],
    'a list without its page': [[{ name: 'VIP', name_std: 'vip' }]],
    'names that are numbers': [{ next: null, results: [{ name_std: 7 }] }],
  },
  writable: ['wp_password', 'city'],
};
