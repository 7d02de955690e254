import { createHmac } from 'node:crypto';
import type { ConnectorEntry, Example } from './connector-entry.ts';

const standard = {
  firstname: 'Ada',
  lastname: 'Lovelace',
  company: 'Analytical Engines',
  phone: '+44 20 7946 0000',
  city: 'London',
  state: 'England',
  country: 'United Kingdom',
};
/** Yes and no are numbers, and choices are joined by `|`. */
const stored = {
  vip: 1,
  orders: 42,
  birthday: '1815-12-10',
  interests: 'mathematics|poetry',
  nickname: null,
};
const all = { id: 47, email: 'ada@example.com', ...standard, ...stored };
const interests = {
  id: '9',
  label: 'Interests',
  alias: 'interests',
  type: 'multiselect',
  group: 'personal',
  value: stored.interests,
};
const person = {
  id: 47,
  isPublished: true,
  dateAdded: '2026-01-05T09:00:00+00:00',
  points: 0,
  lastActive: '2026-02-05T09:00:00+00:00',
  fields: {
    core: {
      email: { id: '6', label: 'Email', alias: 'email', type: 'email', group: 'core', value: all.email },
    },
    social: [],
    personal: { interests },
    professional: [],
    all,
  },
  doNotContact: [],
  stage: null,
};
const labels = (tags: readonly string[]) =>
  tags.map((tag, index) => ({ id: index + 1, tag, description: null }));
const contact = (tags: unknown, more = {}) => ({ contact: { ...person, tags, ...more } });
/** As PHP writes a list whose keys are no numbers from 0 on. */
const keyed = (given: string[]) =>
  Object.fromEntries(labels(given).map((label) => [`key ${label.tag}`, label]));
const listed = (contacts: unknown) => [{ total: '1', contacts }];

const example = (name: string, given: string[], tags = given): Example => ({
  name,
  recorded: {
    'by id': [contact(labels(given))],
    ...(given.length > 0 && { 'tags by their names': [contact(keyed(given))] }),
  },
  sandbox: {
    id: 47,
    email: all.email,
    tags: given,
    fields: { ...standard, ...stored, vip: true, interests: ['mathematics', 'poetry'] },
    createdAt: '2026-01-05T09:00:00.000Z',
    updatedAt: '2026-02-05T09:00:00.000Z',
  },
  contact: {
    id: '47',
    fields: {
      ...all,
      interests: ['mathematics', 'poetry'],
      points: 0,
      lastActive: person.lastActive,
      dateAdded: person.dateAdded,
    },
    tags,
  },
});

const lead = (id: number) => ({ contact: { id, tags: [{ tag: 'customer' }], fields: {} } });
const one = { contacts: [{ contactId: '47' }] };
const errors = (code: number, message: string) => ({ errors: [{ message, code, type: null }] });
const write = (field: string, value: string, body: string) => ({
  id: '47',
  field,
  value,
  answers: [{ contact: { id: 47, fields: { all: Object.fromEntries([[field, value]]) } } }],
  requests: [`PATCH contacts/47/edit ${body}`],
});
const body = Buffer.from(JSON.stringify({ 'mautic.lead_post_save_update': [lead(47)] }));
const signature = createHmac('sha256', 'fake-webhook-secret').update(body).digest('base64');

export const mautic: ConnectorEntry = {
  baseUrls: [
    [{ url: 'https://marketing.example.com' }, 'https://marketing.example.com/api/'],
    [{ url: 'https://Example.com/mautic/' }, 'https://example.com/mautic/api/'],
  ],
  credentials: { user: 'fake-user', apiToken: 'fake-token', webhookSecret: 'fake-webhook-secret' },
  authorised: { headers: { authorization: `Basic ${btoa('fake-user:fake-token')}` } },
  examples: [
    example('tags', ['customer', 'VIP customer']),
    example('one tag', ['customer']),
    example('no tags', []),
    example('tags with spaces, and twice', [' customer ', 'VIP', 'customer'], ['customer', 'VIP']),
    example('tags that mean something elsewhere', ['#hash', 'a/b', 'a,b', '__proto__', '100%', '👍']),
  ],
  otherAnswers: {
    'another contact, into which the one that was asked for was merged': [[contact([], { id: 48 })], ['48']],
    'an id as a text': [[contact([], { id: '47' })], ['47']],
    'no more than what has to be there': [[{ contact: { id: 47, tags: [], fields: { all } } }], ['47']],
  },
  fields: {
    'choices, where their type is not known': [
      [contact([], { fields: { all } })],
      { interests: 'mathematics|poetry' },
    ],
    'one choice and none': [
      [
        contact([], {
          fields: {
            personal: { interests, hobbies: { alias: 'hobbies', type: 'multiselect' } },
            all: { interests: 'poetry', hobbies: null },
          },
        }),
      ],
      { interests: ['poetry'], hobbies: null },
    ],
  },
  former: { 'merged into another': ['47', [contact([], { id: 48 })], 'crm_answer_invalid'] },
  refused: {
    nothing: [null],
    'a text': ['OK'],
    'an empty object': [{}],
    'an error with 200': [errors(404, 'Item was not found.')],
    'a contact without its key': [{ ...person, tags: [] }],
    'a list of contacts': listed({ '47': { ...person, tags: [] } }),
    'no id': [contact([], { id: undefined })],
    'a text for an id': [contact([], { id: 'abc' })],
    'no fields': [contact([], { fields: [] })],
    'no tags': [contact(undefined)],
    'null for tags': [contact(null)],
    'tags as a text': [contact('customer')],
    'tags as an object': [contact({ customer: true })],
    'tags as texts': [contact(['customer'])],
    'tags without labels': [contact([{ id: 1 }])],
  },
  errors: {
    'nobody there': {
      status: 404,
      body: errors(404, 'Item was not found.'),
      code: 'contact_not_found',
    },
    'a password that is none': {
      status: 401,
      body: errors(401, 'API authorization denied.'),
      code: 'crm_credentials_rejected',
    },
    'an API that is off': {
      status: 403,
      body: errors(403, "You need to enable the API in the API Settings in Mautic's Configuration"),
      code: 'crm_credentials_rejected',
    },
    'a page that is not there': { status: 404, body: '<!DOCTYPE html>', code: 'crm_answer_invalid' },
    'a value that is none': {
      status: 400,
      body: errors(400, 'email: This value is not a valid email address.'),
      code: 'crm_write_refused',
      isWrite: true,
    },
    'a limit': { status: 429, body: errors(429, 'API rate limit exceeded'), code: 'crm_rate_limited' },
    'a limit in seconds': {
      status: 429,
      headers: { 'x-ratelimit-retry-after': '30' },
      body: {},
      code: 'crm_rate_limited',
      seconds: 30,
    },
    'a limit until then': {
      status: 429,
      headers: { 'x-ratelimit-retry-after': String(Date.parse('2026-03-01T12:00:07Z') / 1000) },
      body: {},
      code: 'crm_rate_limited',
      seconds: 7,
    },
  },
  signed: {
    'a webhook': {
      webhook: {
        method: 'POST',
        url: 'https://usher.example.com/',
        headers: { 'webhook-signature': signature },
        body,
        now: new Date('2026-02-05T09:00:00Z'),
      },
      secret: 'fake-webhook-secret',
    },
  },
  versions: { 'the only one': {} },
  webhooks: {
    'a webhook': [{ 'mautic.lead_post_save_update': [lead(47)] }, { ...one, isBatch: true }],
    'several events': [
      {
        'mautic.lead_post_save_new': [lead(47), lead(48)],
        'mautic.lead_post_save_update': [lead(48), { contact: null }],
        'mautic.lead_post_delete': [{ id: 49, contact: { id: null } }],
      },
      { contacts: [{ contactId: '48' }, { contactId: '47' }], isBatch: true, withoutId: 1 },
    ],
    'the words of version 1': [
      { 'mautic.lead_post_save_update': [{ lead: { id: 47 } }] },
      { ...one, isBatch: true },
    ],
    'a form that was submitted': [
      { 'mautic.form_on_submit': [{ submission: { id: 5, lead: { id: 47 } } }] },
      { ...one, isBatch: true },
    ],
    'a deletion': [
      { 'mautic.lead_post_delete': [{ id: 47, contact: { id: null } }] },
      { contacts: [], ignored: 1 },
    ],
    'a company': [{ 'mautic.company_post_save': [{ company: { id: 7 } }] }, { contacts: [], ignored: 1 }],
    'a campaign': ['contact_id=47', one],
    'a campaign with an address': [
      'email=ada%40example.com',
      { contacts: [{ contactEmail: 'ada@example.com' }] },
    ],
  },
  ids: [
    ['47', '47'],
    ...['0', '007', '-1', '1.0', 'new', '..', '12345678901234567', '7 '].map(
      (given) => [given, undefined] as const,
    ),
  ],
  unknownId: '999999',
  loads: { '47': 'GET contacts/47' },
  finds: { 'ada+x@example.com': 'GET contacts?search=email:ada+x@example.com&limit=30' },
  writes: [
    write('wp_password', 'fake-password', '{"wp_password":"fake-password"}'),
    write('constructor', '"\n👍', '{"constructor":"\\"\\n👍"}'),
    write('city', 'Zürich', '{"city":"Zürich"}'),
  ],
  lists: {
    everybody: {
      kind: 'all',
      answers: [
        {
          total: '2',
          contacts: {
            '7': { id: 7, tags: [], fields: { all: { email: 'ada@example.com' } } },
            '9': { id: 9, tags: [{ tag: 'x' }], fields: { all: { email: null } } },
          },
        },
      ],
      requests: ['GET contacts?orderBy=id&orderByDir=ASC&start=0&limit=100'],
      page: {
        contacts: [
          { id: '7', email: 'ada@example.com' },
          { id: '9', email: undefined },
        ],
        next: '1',
        before: undefined,
      },
    },
    'who has a tag': {
      kind: 'tag',
      of: 'customer',
      answers: [
        { total: 1, tags: [{ id: 3, tag: 'customer' }] },
        { total: 1, tags: [] },
        { total: '1', contacts: { '9': { id: 9, tags: [], fields: { all: {} } } } },
      ],
      requests: [
        'GET tags?start=0&limit=100',
        'GET tags?start=100&limit=100',
        'GET contacts?orderBy=id&orderByDir=ASC&start=0&limit=100',
      ],
      page: {
        contacts: [{ id: '9', email: undefined, isOther: true }],
        next: undefined,
        before: undefined,
      },
    },
  },
  noLists: {
    nothing: [null],
    'an empty object': [{}],
    'an error with 200': [{ error: 'x' }],
  },
  check: 'GET contacts?limit=1&minimal=1',
  fieldLists: {
    'an object by number': [
      [{ '0': { id: 2, label: 'First Name', alias: 'firstname' }, '2': { id: 9, alias: 'wp_password' } }],
      ['firstname', 'wp_password', 'points', 'lastActive'],
      ['GET contacts/list/fields'],
    ],
    'a list': [[[{ alias: 'firstname' }]], ['firstname'], ['GET contacts/list/fields']],
  },
  noFieldLists: {
    nothing: [null],
    'an error with 200': [errors(403, 'x')],
    'fields without an alias': [{ '0': { id: 2 } }],
  },
  writable: ['wp_password', 'city'],
};
