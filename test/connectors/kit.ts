import { createHmac } from 'node:crypto';
import type { PersonDraft } from '../../lib/sandbox/person.ts';
import type { ConnectorEntry, Example } from './connector-entry.ts';

const id = '324';
const own = {
  ...{ id: 324, first_name: 'Ada', email_address: 'ada@example.com', state: 'active' },
  created_at: '2026-01-05T09:00:00Z',
};
const custom = { last_name: 'Lovelace', company: null, vip: 'true', orders: '42', birthday: '1815-12-10' };
const subscriber = { ...own, fields: custom, canceled_at: null };
const contact = { subscriber };

const pagination = (end_cursor: string | null, has_next_page = false, per_page = 1000) => ({
  pagination: { has_previous_page: false, has_next_page, start_cursor: 'WzFd', end_cursor, per_page },
});
const tags = (...names: string[]) => ({
  tags: names.map((name, index) => ({ id: index + 1, name, tagged_at: '2026-01-05T09:00:00Z' })),
  ...pagination('WzFd'),
});
const stored = (given: string[]): PersonDraft => ({
  ...{ id, email: own.email_address, tags: given, createdAt: '2026-01-05T09:00:00.000Z' },
  fields: {
    firstName: 'Ada',
    lastName: 'Lovelace',
    company: null,
    vip: true,
    orders: 42,
    birthday: '1815-12-10',
  },
});
const example = (name: string, expected: string[], answers: unknown[], given = expected): Example => ({
  name,
  recorded: { documented: [contact, ...answers] },
  sandbox: stored(given),
  contact: { id, fields: { ...own, ...custom }, tags: expected },
});
const odd = ['#hash', 'a/b', 'a, b', '__proto__', '100%', '👍'];

const now = new Date('2026-03-01T12:00:00Z');
const body = '{"delivery_id":123456,"events":[]}';
const v1 = (secret: string) => createHmac('sha256', secret).update(`1772366280.${body}`).digest('hex');
const signed = (signature: string) => {
  const headers = { 'x-kit-signature': `t=1772366280,${signature}` };
  const url = 'https://usher.example.com/?wpf_action=add';
  return { webhook: { method: 'POST', url, headers, body: Buffer.from(body), now }, secret: 'fake-secret' };
};

const one = { contacts: [{ contactId: id }] };
const event = (type: string, data: object) => ({
  ...{ id: '9c2e1f3a-6b7d-4e8f-a1b2-000000000000', type, created: '2026-02-05T09:00:00Z', data },
});
const tagged = (number: number) =>
  event('subscriber.tag_added', {
    subscriber: { ...own, id: number, fields: {} },
    tag: { id: 1, name: 'customer' },
  });
const field = (key: string) => ({ id: 1, name: `ck_field_1_${key}`, key, label: key });
const fields = (...keys: string[]) => ({ custom_fields: keys.map(field), ...pagination('WzFd') });

const write = (name: string, value: string, sent: object) => ({
  ...{ id, field: name, value, answers: [contact, contact] },
  requests: [
    'GET subscribers/324',
    `PUT subscribers/324 ${JSON.stringify({ email_address: 'ada@example.com', first_name: 'Ada', ...sent })}`,
  ],
});

export const kit: ConnectorEntry = {
  baseUrls: [[{}, 'https://api.kit.com/v4/']],
  credentials: { apiToken: 'fake-token', webhookSecret: 'fake-secret' },
  authorised: { headers: { 'x-kit-api-key': 'fake-token' } },
  examples: [
    example('tags', ['customer', 'VIP customer'], [tags('customer', 'VIP customer')]),
    example('one tag', ['customer'], [tags('customer')]),
    example('no tags', [], [{ tags: [], ...pagination(null) }]),
    example('tags with spaces', ['customer', 'VIP'], [tags(' customer', 'VIP ')], [' customer', 'VIP ']),
    example('tags that mean something elsewhere', odd, [tags(...odd)]),
    example(
      'tags of two pages',
      ['customer', 'newsletter'],
      [{ ...tags('customer'), ...pagination('WzJd', true) }, tags('newsletter')],
    ),
  ],
  otherAnswers: {
    'another subscriber': [[{ subscriber: { ...subscriber, id: 7 } }, tags('customer')], ['7']],
    'nothing but what is always there': [
      [{ subscriber: { id: 324, email_address: null, first_name: null, fields: {} } }, tags()],
      [id],
    ],
  },
  fields: {
    'a custom field that is called as one that everybody has': [
      [{ subscriber: { ...subscriber, fields: { state: 'Bern', city: 'Bern' } } }, tags()],
      { state: 'active', 'fields.state': 'Bern', city: 'Bern' },
    ],
  },
  refused: {
    nothing: [null],
    'a text': ['OK'],
    'an empty object': [{}],
    'an error with 200': [{ errors: ['Not Found'] }],
    'a search': [{ subscribers: [subscriber] }],
    'no id': [{ subscriber: { ...subscriber, id: undefined } }],
    'a text for an id': [{ subscriber: { ...subscriber, id: '324' } }],
    'no address': [{ subscriber: { ...subscriber, email_address: undefined } }],
    'no fields': [{ subscriber: { ...subscriber, fields: undefined } }],
    'fields as a list': [{ subscriber: { ...subscriber, fields: ['Lovelace'] } }],
    'no tags': [contact, pagination(null)],
    'tags that are null': [contact, { ...tags(), tags: null }],
    'tags as an object': [contact, { ...tags(), tags: { customer: true } }],
    'tags as texts': [contact, { ...tags(), tags: ['customer'] }],
    'tags without names': [contact, { ...tags(), tags: [{ id: 1 }] }],
    'tags that may go on': [contact, { tags: [] }],
    'tags that go on nowhere': [contact, { ...tags('customer'), ...pagination(null, true) }],
    'a second page without tags': [
      contact,
      { ...tags('customer'), ...pagination('x', true) },
      pagination(null),
    ],
  },
  errors: {
    'nobody there': { status: 404, body: { errors: ['Not Found'] }, code: 'contact_not_found' },
    'a key that is none': {
      status: 401,
      body: { errors: ['The access token is invalid'] },
      code: 'crm_credentials_rejected',
    },
    'a limit': { status: 429, body: { errors: ['Rate limit exceeded'] }, code: 'crm_rate_limited' },
    'an address that cannot be written': {
      status: 422,
      body: { errors: ['Email address is invalid'] },
      code: 'crm_write_refused',
      isWrite: true,
    },
    'a field that is not there': {
      status: 200,
      body: { subscriber: { id: 324 }, warnings: ['Unknown custom field key: nope'] },
      code: 'crm_write_refused',
      isWrite: true,
    },
  },
  signed: {
    'with its secret': signed(`v1=${v1('fake-secret')}`),
    'while its secret is exchanged': signed(`v1=${v1('fake-old-secret')},v1=${v1('fake-secret')}`),
  },
  versions: { 'the only one': {} },
  webhooks: {
    'a rule': [{ subscriber: { ...own, fields: { last_name: 'Lovelace' } } }, one],
    'an endpoint': [
      { delivery_id: 123_456, events: [tagged(324)] },
      { ...one, isBatch: true },
    ],
    'an endpoint with several events': [
      { delivery_id: 123_456, events: [tagged(324), tagged(7), tagged(324)] },
      { contacts: [{ contactId: id }, { contactId: '7' }], isBatch: true },
    ],
    'an endpoint with events of nobody': [
      { delivery_id: 1, events: [event('custom_field.created', { custom_field: field('x') })] },
      { contacts: [], isBatch: true, ignored: 1 },
    ],
    'a purchase': [
      { id: 8, transaction_id: 'fake-transaction', status: 'paid', email_address: 'ada@example.com' },
      { contacts: [], ignored: 1 },
    ],
    'an address alone': [
      { subscriber: { email_address: 'ada@example.com' } },
      { contacts: [{ contactEmail: 'ada@example.com' }] },
    ],
    'something typed': [{ id: 324 }, { contacts: [] }],
  },
  ids: [
    [id, id],
    ['1234567890123456', '1234567890123456'],
    ...['0', '007', '-1', '3.5', 'filter', '12345678901234567'].map((given) => [given, undefined] as const),
  ],
  unknownId: '999999999',
  loads: { [id]: 'GET subscribers/324' },
  finds: { 'ada+x@example.com': 'GET subscribers?email_address=ada+x@example.com&status=all' },
  writes: [
    write('wp_password', 'fake-password', { fields: { wp_password: 'fake-password' } }),
    write('last_name', '"Zürich" 👍', { fields: { last_name: '"Zürich" 👍' } }),
    write('first_name', 'Augusta', { first_name: 'Augusta' }),
    write('fields.state', 'Bern', { fields: { state: 'Bern' } }),
  ],
  lists: {
    everybody: {
      kind: 'all',
      place: 'WzFd',
      answers: [
        {
          subscribers: [{ id: 7, email_address: 'ada@example.com', state: 'active' }],
          pagination: { has_next_page: true, end_cursor: 'WzJd', per_page: 1000 },
        },
      ],
      requests: ['GET subscribers?per_page=1000&status=all&after=WzFd'],
      page: { contacts: [{ id: '7', email: 'ada@example.com' }], next: 'WzJd' },
    },
    'who has a tag': {
      kind: 'tag',
      of: 'customer',
      answers: [
        { tags: [{ id: 3, name: 'customer' }], pagination: { has_next_page: false } },
        { subscribers: [], pagination: { has_next_page: false } },
      ],
      requests: ['GET tags?per_page=1000', 'GET tags/3/subscribers?per_page=1000&status=all'],
      page: { contacts: [], next: undefined },
    },
  },
  noLists: {
    nothing: [null],
    'an empty object': [{}],
    'an error with 200': [{ error: 'x' }],
  },
  check: 'GET account',
  fieldLists: {
    documented: [
      [fields('last_name', 'state')],
      ['last_name', 'fields.state', 'first_name', 'email_address'],
      ['GET custom_fields?per_page=1000'],
    ],
    'two pages': [
      [{ ...fields('last_name'), ...pagination('WzFd', true) }, fields('company')],
      ['last_name', 'company'],
      ['GET custom_fields?per_page=1000', 'GET custom_fields?per_page=1000&after=WzFd'],
    ],
  },
  noFieldLists: {
    nothing: [null],
    'an empty object': [{}],
    'an error with 200': [{ errors: ['x'] }],
    'a list without its key': [[field('x')]],
    'a field without a key': [{ ...fields(), custom_fields: [{ id: 1, name: 'x' }] }],
    'what may go on': [{ custom_fields: [] }],
  },
  writable: ['wp_password', 'last_name', 'first_name'],
};
