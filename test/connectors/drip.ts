import type { ConnectorEntry, Example } from './connector-entry.ts';

const id = 'z1togz2hcjrkpp5treip';
const standard = {
  first_name: 'Ada',
  last_name: 'Lovelace',
  city: 'London',
  state: 'England',
  country: 'GB',
  phone: '+44 20 7946 0000',
  user_id: 'customer-1815',
};
const custom = {
  company: 'Analytical Engines',
  vip: true,
  orders: 42,
  birthday: '1815-12-10',
  interests: ['mathematics', 'poetry'],
};
const subscriber = {
  id,
  status: 'active',
  email: 'ada@example.com',
  ...standard,
  address1: null,
  time_zone: 'Europe/London',
  utc_offset: 0,
  created_at: '2026-01-05T09:00:00Z',
  custom_fields: custom,
  ip_address: null,
  lifetime_value: null,
  links: { account: '9999999' },
};
const links = { 'subscribers.account': 'https://api.getdrip.com/v2/accounts/{subscribers.account}' };
const answer = (tags: unknown, more = {}) => ({ links, subscribers: [{ ...subscriber, tags, ...more }] });

const example = (name: string, given: string[], tags = given): Example => ({
  name,
  recorded: { documented: [answer(given)] },
  sandbox: {
    id,
    email: subscriber.email,
    tags: given,
    fields: { ...standard, ...custom },
    createdAt: '2026-01-05T09:00:00.000Z',
  },
  contact: {
    id,
    fields: { email: subscriber.email, ...standard, ...custom, created_at: subscriber.created_at },
    tags,
  },
});

const one = { contacts: [{ contactId: id }] };
const event = (name: string, about: object = { ...subscriber, tags: ['customer'] }) => ({
  event: name,
  data: { account_id: '9999999', subscriber: about, properties: { tag: 'customer' } },
  occurred_at: '2026-02-05T09:00:00Z',
});
const ignored = { contacts: [], ignored: 1 };
const write = (field: string, value: string, change: string) => ({
  id,
  field,
  value,
  answers: [answer([]), answer([])],
  requests: [`GET subscribers/${id}`, `POST subscribers {"subscribers":[{"id":"${id}",${change}}]}`],
});
const errors = (code: string, message: string) => ({ errors: [{ code, message }] });

export const drip: ConnectorEntry = {
  baseUrls: [[{ account: '9999999' }, 'https://api.getdrip.com/v2/9999999/']],
  credentials: { apiToken: 'fake-token' },
  authorised: { headers: { authorization: `Basic ${btoa('fake-token:')}` } },
  examples: [
    example('tags', ['Customer', 'VIP customer']),
    example('one tag', ['Customer']),
    example('no tags', []),
    example('tags with spaces, and twice', [' Customer ', 'VIP', 'Customer'], ['Customer', 'VIP']),
    example('tags that mean something elsewhere', ['#hash', 'a/b', 'a,b', '__proto__', '100%', '👍']),
  ],
  otherAnswers: {
    nobody: [[{ links, subscribers: [] }], []],
    'another subscriber': [[answer([], { id: 'z1togz2hcj0000000099' })], ['z1togz2hcj0000000099']],
    'no custom fields': [[answer([], { custom_fields: null })], [id]],
  },
  fields: {
    'a custom field of a standard name, which is empty': [
      [answer([], { custom_fields: { city: 'Bern', zip: '3000' }, zip: '' })],
      { city: 'London', zip: '3000' },
    ],
    'a field called __proto__': [
      [answer([], { custom_fields: JSON.parse('{"__proto__":"x","ok":1}') })],
      { ok: 1 },
    ],
  },
  refused: {
    nothing: [null],
    'a text': ['OK'],
    'an empty object': [{}],
    'an error with 200': [errors('not_found_error', 'x')],
    'a subscriber without its list': [{ ...subscriber, tags: [] }],
    'the key of a list of tags': [{ tags: ['customer'] }],
    'nobody in a list': [{ subscribers: [null] }],
    'no id': [answer([], { id: undefined })],
    'an empty id': [answer([], { id: '' })],
    'a number for an id': [answer([], { id: 7 })],
    'no tags': [answer(undefined)],
    'null for tags': [answer(null)],
    'tags as a text': [answer('customer,vip')],
    'tags as an object': [answer({ customer: true })],
    'tags as objects': [answer([{ tag: 'customer' }])],
    'null among tags': [answer(['customer', null])],
    'custom fields as a list': [answer([], { custom_fields: ['x'] })],
  },
  errors: {
    'nobody there': {
      status: 404,
      body: errors('not_found_error', 'The resource you requested was not found'),
      code: 'contact_not_found',
    },
    'a token that is none': {
      status: 401,
      body: errors('authentication_error', 'Authentication failed, check your credentials'),
      code: 'crm_credentials_rejected',
    },
    'an account of somebody else': {
      status: 403,
      body: errors('authorization_error', 'You are not authorized to access this resource'),
      code: 'crm_credentials_rejected',
    },
    'a value that is none': {
      status: 422,
      body: { errors: [{ code: 'email_error', attribute: 'email', message: 'Email is invalid' }] },
      code: 'crm_write_refused',
      isWrite: true,
    },
    'a limit': {
      status: 429,
      headers: { 'x-ratelimit-limit': '3600', 'x-ratelimit-remaining': '0' },
      body: { message: 'API rate limit exceeded. Please try again in an hour.' },
      code: 'crm_rate_limited',
    },
  },
  versions: { 'the only one': {} },
  webhooks: {
    'a workflow': [{ subscriber: { ...subscriber, tags: ['customer'] } }, one],
    'a workflow that sends a form': [`subscriber[id]=${id}&subscriber[email]=ada%40example.com`, one],
    'a tag that was applied': [event('subscriber.applied_tag'), one],
    'a tag that was removed': [event('subscriber.removed_tag'), one],
    'a changed field': [event('subscriber.updated_custom_field'), one],
    'somebody new': [event('subscriber.created'), one],
    'a subscription': [event('subscriber.subscribed_to_campaign'), one],
    'an address only': [
      event('subscriber.applied_tag', { email: 'ada@example.com' }),
      { contacts: [{ contactEmail: 'ada@example.com' }] },
    ],
    'a mail that was opened': [event('subscriber.opened_email'), ignored],
    'a page that was visited': [event('subscriber.visited_page'), ignored],
    'a lead score': [event('subscriber.updated_lead_score'), ignored],
    'somebody who was deleted': [event('subscriber.deleted'), ignored],
  },
  ids: [
    [id, id],
    ...[id.toUpperCase(), '..', 'ada@example.com', '7', ''].map((given) => [given, undefined] as const),
  ],
  unknownId: 'z1togz2hcj9999999999',
  loads: { [id]: `GET subscribers/${id}` },
  finds: { 'ada+x@example.com': 'GET subscribers/ada%2Bx%40example.com' },
  writes: [
    write('wp_password', 'fake-password', '"custom_fields":{"wp_password":"fake-password"}'),
    write('__proto__', '"\n👍', '"custom_fields":{"__proto__":"\\"\\n👍"}'),
    write('city', 'Zürich', '"city":"Zürich"'),
  ],
  lists: {
    everybody: {
      kind: 'all',
      answers: [
        { subscribers: [{ id: 'z1togz2hcjrkpp5treip', email: 'ada@example.com' }], meta: { total_pages: 2 } },
      ],
      requests: ['GET subscribers?status=all&sort=created_at&direction=asc&per_page=1000&page=1'],
      page: {
        contacts: [{ id: 'z1togz2hcjrkpp5treip', email: 'ada@example.com' }],
        next: '2',
        before: undefined,
      },
    },
    'who has a tag': {
      kind: 'tag',
      of: 'customer',
      answers: [{ tags: ['customer', 'vip'] }, { subscribers: [], meta: { total_pages: 1 } }],
      requests: [
        'GET tags',
        'GET subscribers?tags=customer&status=all&sort=created_at&direction=asc&per_page=1000&page=1',
      ],
      page: { contacts: [], next: undefined, before: undefined },
    },
  },
  noLists: {
    nothing: [null],
    'an empty object': [{}],
    'an error with 200': [{ error: 'x' }],
  },
  check: 'GET custom_field_identifiers',
  fieldLists: {
    documented: [
      [{ custom_field_identifiers: ['company', 'wp_password'] }],
      ['company', 'wp_password', 'email', 'first_name', 'created_at'],
      ['GET custom_field_identifiers'],
    ],
  },
  noFieldLists: {
    nothing: [null],
    'an empty object': [{}],
    'a list without its key': [['company']],
    'fields as objects': [{ custom_field_identifiers: [{ name: 'company' }] }],
  },
  writable: ['wp_password', 'city'],
};
