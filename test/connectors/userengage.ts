import type { PersonDraft } from '../../lib/sandbox/person.ts';
import type { ConnectorEntry, Example } from './connector-entry.ts';

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
const interests = ['mathematics', 'poetry'];
const custom = { vip: true, orders: 42, birthday: '1815-12-10', interests, bio: '' };
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
  attributes: Object.entries(custom).map(([name_std, value], index) => ({
    id: 1001 + index,
    name: `my ${name_std}`,
    name_std,
    value,
  })),
};
/** Version 2 was recorded with flat custom attributes; the vendor's samples of it still show the list. */
const versionTwoBasics = { ...standard, ...more, user_key: 'fakekey00001', custom_id: 'customer-1815' };
const versionTwo = { ...versionTwoBasics, ...custom };

const tagsOf = (...names: string[]) => names.map((name, index) => ({ id: index + 1, name }));

/** A page of a list, and which page follows. */
const pageOf = (list: string, next: number | undefined, results: readonly unknown[]) => ({
  count: results.length,
  next: next === undefined ? null : `https://acme.user.com/api/public/${list}?page=${next}`,
  previous: null,
  results,
});

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
const fields = { ...others, ...custom, phone };
const stored = (tags: string[]): PersonDraft => ({ id, email, tags, fields });

const user = { ...versionTwo, tags: [] };
const one = { contacts: [{ contactId: '1815' }] };
const two = { contacts: [{ contactId: '1815' }, { contactId: '1816' }] };
/** A user of that name, and what becomes of it, beside what the account has for first and last name itself. */
const named = (name: unknown, first_name: string, last_name: string, own = {}) =>
  [[{ ...user, name, ...own }], { first_name, last_name }] as const;
const own = (name: string | null, name_std: string, value: unknown) => ({ name, name_std, value });
const listed = (attributes: object[], fields: object) =>
  [[{ ...versionTwoBasics, tags: [], attributes }], { ...fields }] as const;
const strange = [...'0 007 -1 1.0 1e3 abc search .. 12345678901234567890 ada@example.com'.split(' '), '7 '];
const many = 'users/1815/set_multiple_attributes/';
const written = { id: '1815', answers: [{}] };
const write = (field: string, value: string, request: string) => ({
  ...written,
  field,
  value,
  requests: [request],
});
const lastPage = {
  count: 2,
  next: null,
  previous: null,
  results: [
    { id: 1, name: 'WP password', name_std: 'wp_password', value_type: 'string', content_type: 'user' },
    { id: 2, name: 'VIP', name_std: null },
  ],
};

const example = (name: string, recorded: Example['recorded'], given: string[], tags = given) => ({
  name,
  recorded,
  sandbox: stored(given),
  contact: contact(tags),
});
const odd = ['#hash', 'a/b', 'a,b', '__proto__', '100%', '👍'];

export const userengage: ConnectorEntry = {
  baseUrls: [
    [{ account: 'acme' }, 'https://acme.user.com/api/public/'],
    [{ account: 'acme.user.com' }, 'https://acme.user.com/api/public/'],
    [{ account: 'app.userengage.com' }, 'https://app.userengage.com/api/public/'],
    [{ account: 'EU.Acme.User.Com' }, 'https://eu.acme.user.com/api/public/'],
  ],
  credentials: { apiToken: 'fake-token' },
  authorised: { headers: { authorization: 'Token fake-token', accept: '*/*; version=2' } },
  examples: [
    example('tags', shapes(tagsOf('customer', 'VIP customer')), ['customer', 'VIP customer']),
    example(
      'tags by name only, with spaces and repeated ones',
      { 'a list of texts': [{ ...versionTwo, tags: [' customer ', 'VIP', 'customer', ' '] }] },
      [' customer ', 'VIP', 'customer', ' '],
      ['customer', 'VIP'],
    ),
    example('no tags, as null', shapes(null), []),
    example(
      'null among tags',
      {
        objects: [{ ...versionTwo, tags: [null, { id: 1, name: 'customer' }, { id: 2, name: null }] }],
        texts: [{ ...versionTwo, tags: ['customer', null] }],
        attributes: [{ ...versionOne, tags: ['customer'], attributes: [null, ...versionOne.attributes] }],
      },
      ['customer'],
    ),
    example('no tags', shapes([]), []),
    example('tags that mean something elsewhere', shapes(tagsOf(...odd)), odd),
  ],
  otherAnswers: {
    'nobody in a list': [[[]], []],
    'nobody in a page': [[{ count: 0, next: null, previous: null, results: [] }], []],
    'several people': [[[user, { ...user, id: 1816 }]], ['1815', '1816']],
    'an id as a text': [[{ ...user, id: '9007199254740993' }], ['9007199254740993']],
    'no attributes': [[{ ...user, attributes: null }], ['1815']],
    'an attribute without a name': [[{ ...user, attributes: [{ id: 1, value: 'x' }] }], ['1815']],
  },
  fields: {
    'one name': named('Ada', 'Ada', ''),
    'two names': named('Ada Lovelace', 'Ada', 'Lovelace'),
    'blanks between three names': named('  Ada   King\tLovelace ', 'Ada', 'King Lovelace'),
    'an empty name': named('', '', ''),
    'no name': named(null, '', ''),
    'more than 16 KB of names': named('a '.repeat(10_000), '', ''),
    'names that the account has itself': named('Ada L', 'Augusta', 'Byron', {
      first_name: 'Augusta',
      last_name: 'Byron',
    }),
    'one of them': named('Ada Lovelace', 'Augusta', 'Lovelace', { first_name: 'Augusta', last_name: null }),
    'both, which are null': named('Ada Lovelace', 'Ada', 'Lovelace', { first_name: null, last_name: null }),
    'both, which are blank': named('Ada Lovelace', 'Ada', 'Lovelace', { first_name: '', last_name: ' ' }),
    'both, which are empty lists': named('Ada Lovelace', 'Ada', 'Lovelace', {
      first_name: [],
      last_name: [],
    }),
    'an attribute of two names': listed([own('VIP', 'vip', 1)], { vip: 1, VIP: 1 }),
    'an attribute of one name': listed([own(null, 'vip', 1)], { vip: 1 }),
    'attributes that stand in for what is empty': listed(
      [own('email', 'rank', null), own('rank', 'RANK', 2)],
      { rank: 2, RANK: 2 },
    ),
    'an attribute that hides no field': listed([own('email', 'id', 1)], { id: 1815, email }),
    'short names before others': listed([own('rank', 'x', 1), own('y', 'rank', 2)], { x: 1, rank: 2, y: 2 }),
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
    'tags as a page': [{ ...user, tags: { count: 0, results: [] } }],
    'attributes as a text': [{ ...user, attributes: 'none' }],
    'attributes as an object': [{ ...user, attributes: { vip: true } }],
  },
  errors: {
    'nobody there': { status: 404, body: { detail: 'Not found.' }, code: 'contact_not_found' },
    'a token that is none': {
      status: 401,
      body: { detail: 'Invalid token.' },
      code: 'crm_credentials_rejected',
    },
    'a limit': {
      status: 429,
      headers: { 'retry-after': '30' },
      body: { detail: 'Request was throttled.' },
      code: 'crm_rate_limited',
      seconds: 30,
    },
  },
  noTags: ['tags_null'],
  versions: {
    'version 1': { accept: 'application/json' },
    'version 2': { accept: 'application/json; version=2' },
  },
  webhooks: {
    'a call of an automation': [
      { path: 6, timestamp: '2026-03-01T12:00:00.000000+00:00', extra: {}, user: { ...user, tags: [] } },
      one,
    ],
    'a call with typed data': [{ path: 6, extra: { note: 'x' }, user: { id: 1815 } }, one],
    'a call without user info': [{ path: 6, extra: {} }, { contacts: [] }],
    'a call without user info, its id typed': [{ path: 6, extra: { contact_id: '1815' } }, one],
    'a call without user info, its id typed as a number': [{ path: 6, extra: { user_id: 1815 } }, one],
    'a call without user info, its id typed by its short name': [{ extra: { id: 1815 } }, one],
    'an id typed beside the user': [{ extra: { contact_id: '7' }, user: { id: 1815 } }, one],
    'an id of nobody': [{ path: 6, id: 5 }, { contacts: [] }],
    'a user that is a text': [{ user: 'id' }, { contacts: [] }],
    'a list of users': [
      [{ user: { id: 1815 } }, { user: { id: 1816 } }, { user: {} }],
      { ...two, isBatch: true, withoutId: 1 },
    ],
    'a list within a call': [
      { path: 6, user: [{ id: 1815 }, { id: 1816 }] },
      { ...two, isBatch: true },
    ],
    'a form': ['user[id]=1815', one],
  },
  ids: [
    ['1815', '1815'],
    ['9223372036854775807', '9223372036854775807'],
    ...strange.map((given) => [given, undefined] as const),
  ],
  unknownId: '999999999',
  loads: { '1815': 'GET users/1815/' },
  finds: { 'ada+x@example.com': 'GET users/search/?email=ada+x@example.com' },
  writes: [
    write('wp_password', 'fake-password', `POST ${many} {"wp_password":"fake-password"}`),
    write('__proto__', '"\n👍', `POST ${many} {"__proto__":"\\"\\n👍"}`),
    write('city', 'Zürich', 'PUT users/1815/ {"city":"Zürich"}'),
  ],
  lists: {
    'everybody, from the start': {
      kind: 'all',
      answers: [pageOf('users/', 2, [versionOne, { ...versionTwo, id: 7, email: null }])],
      requests: ['GET users/?page=1'],
      page: {
        contacts: [
          { id: '1815', email: 'ada@example.com' },
          { id: '7', email: undefined },
        ],
        next: '2',
        before: undefined,
      },
    },
    'a page, and the one before once more': {
      kind: 'all',
      place: '2',
      answers: [pageOf('users/', undefined, [versionTwo]), pageOf('users/', 2, [{ id: 7, email: null }])],
      requests: ['GET users/?page=2', 'GET users/?page=1'],
      page: {
        contacts: [
          { id: '7', email: undefined },
          { id: '1815', email: 'ada@example.com' },
        ],
        next: undefined,
        before: '1',
      },
    },
    'who has a tag': {
      kind: 'tag',
      of: 'customer',
      answers: [pageOf('tags/', undefined, tagsOf('newsletter', 'customer')), pageOf('x/', undefined, [])],
      requests: ['GET tags/?page=1', 'GET tags/2/users/?page=1'],
      page: { contacts: [], next: undefined, before: undefined },
    },
    'a tag that is not there': {
      kind: 'tag',
      of: 'custmer',
      answers: [
        pageOf('tags/', 2, tagsOf('newsletter')),
        pageOf('tags/', undefined, [{ id: 2, name: 'customer' }]),
      ],
      requests: ['GET tags/?page=1', 'GET tags/?page=2'],
      page: { names: ['newsletter', 'customer'] },
    },
  },
  noLists: {
    nothing: [null],
    'a list without its key': [[versionOne]],
    'no list': [{ count: 1, next: null, results: versionOne }],
    'a page that goes on elsewhere': [pageOf('companies/', 2, [versionOne])],
    'a page that goes on with another one': [pageOf('users/', 3, [versionOne])],
    'somebody without an id': [pageOf('users/', undefined, [{ email: 'ada@example.com' }])],
  },
  check: 'GET users/',
  fieldLists: {
    'one page': [
      [lastPage],
      ['wp_password', 'WP password', 'VIP', 'email', 'phone_number', 'first_name', 'last_seen'],
      ['GET attributes/?page=1'],
    ],
    'two pages': [
      [{ ...lastPage, next: 'https://acme.user.com/api/public/attributes/?page=2', results: [] }, lastPage],
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
