import type { ConnectorEntry, Example } from './connector-entry.ts';

const id = '31897397363737859';
const second = '31897397363737860';
const email = 'ada@example.com';
const fields = {
  ...{ name: 'Ada', last_name: 'Lovelace', company: 'Analytical Engines', country: 'United Kingdom' },
  ...{ city: 'London', phone: '+44 20 7946 0000', birthday: '1815-12-10', score: 98.6, wp_password: null },
};
const subscriber = {
  ...{
    id,
    email,
    status: 'active',
    source: 'api',
    sent: 3,
    opens_count: 1,
    clicks_count: 0,
    ip_address: null,
  },
  ...{
    subscribed_at: '2026-01-05 09:00:00',
    created_at: '2026-01-05 09:00:00',
    updated_at: '2026-02-05 09:00:00',
  },
  ...{ fields, opted_in_at: null },
};
const named = (...names: string[]) =>
  names.map((name, index) => ({ id: `3198537833539297${index}`, name, active_count: 10 }));
const one = (...groups: string[]) => ({ data: { ...subscriber, groups: named(...groups) } });

const example = (name: string, ...tags: string[]): Example => ({
  name,
  recorded: {
    'groups in the answer': [one(...tags)],
    'groups when they are asked for': [{ data: subscriber }, one(...tags)],
  },
  sandbox: {
    ...{ id, email, tags, createdAt: '2026-01-05T09:00:00.000Z', updatedAt: '2026-02-05T09:00:00.000Z' },
    fields,
  },
  contact: {
    id,
    fields: { ...fields, id, email, status: 'active', updated_at: '2026-02-05 09:00:00' },
    tags,
  },
});
const whole = one('customer').data;

const ofGroup = {
  type: 'subscriber.added_to_group',
  subscriber: { id, email, status: 'active' },
  group: named('a')[0],
};
const flat = (event: string, more: object = {}) => ({
  id: second,
  email: 'bob@example.com',
  event,
  account_id: 1,
  ...more,
});
const campaign = { id: '100000000000000000', name: 'Campaign', event: 'campaign.sent', account_id: 1 };
const found = { contacts: [{ contactId: id }] };
const batch = (...events: object[]) => ({ total: events.length, events });
const put = `PUT subscribers/${id}`;
const field = (key: string) => ({ id: '1', name: key, key, type: 'text' });
const page = (number: number, last: number, ...keys: string[]) => ({
  data: keys.map(field),
  meta: { current_page: number, last_page: last, per_page: 100, total: keys.length },
});

export const mailerlite: ConnectorEntry = {
  baseUrls: [[{}, 'https://connect.mailerlite.com/api/']],
  credentials: { apiToken: 'fake-token', webhookSecret: 'fake-signing-secret' },
  authorised: { headers: { authorization: 'Bearer fake-token' } },
  examples: [
    example('several groups', 'customer', 'newsletter'),
    example('one group', 'customer'),
    example('no groups'),
    example(
      'groups whose names mean something elsewhere',
      'VIP, gold',
      '#hash',
      'a/b',
      '__proto__',
      '100%',
      '👍',
    ),
  ],
  otherAnswers: {
    'somebody else': [[{ data: { ...whole, id: second } }], [second]],
    'somebody who unsubscribed': [[{ data: { ...whole, status: 'unsubscribed' } }], [id]],
  },
  fields: {
    'of the account itself that are called like others': [
      [{ data: { ...whole, fields: { email: 'x@example.com', status: 'x', plan: 'x' } } }],
      { email, status: 'active', plan: 'x' },
    ],
  },
  refused: {
    nothing: [null],
    'a text': ['OK'],
    'an error with 200': [{ message: 'Resource not found.' }],
    'no envelope': [whole],
    'a list': [{ data: [whole], links: {}, meta: {} }],
    'nobody in the envelope': [{ data: null }],
    'no id': [{ data: { ...whole, id: undefined } }],
    'an id that lost its last digits': [{ data: { ...whole, id: Number(id) } }],
    'no fields': [{ data: { ...whole, fields: undefined } }],
    'fields as a list': [{ data: { ...whole, fields: [] } }],
    'no groups, though they were asked for': [{ data: subscriber }, { data: subscriber }],
    'groups that are null': [{ data: { ...whole, groups: null } }],
    'groups as a text': [{ data: { ...whole, groups: 'customer' } }],
    'groups as an object': [{ data: { ...whole, groups: { customer: true } } }],
    'groups by number': [{ data: { ...whole, groups: ['31985378335392975'] } }],
    'groups without names': [{ data: { ...whole, groups: [{ id: '31985378335392975' }] } }],
  },
  errors: {
    'nobody there': { status: 404, body: { message: 'Resource not found.' }, code: 'contact_not_found' },
    'a token that is none': {
      status: 401,
      body: { message: 'Unauthenticated.' },
      code: 'crm_credentials_rejected',
    },
    'a limit': {
      status: 429,
      headers: { 'x-ratelimit-limit': '120', 'x-ratelimit-remaining': '0', 'retry-after': '59' },
      body: { message: 'Too Many Attempts.' },
      code: 'crm_rate_limited',
      seconds: 59,
    },
    'a field that is not there': {
      status: 422,
      body: {
        message: 'The given data was invalid.',
        errors: { 'fields.nope': ['The field does not exist.'] },
      },
      code: 'crm_write_refused',
      isWrite: true,
    },
  },
  signed: {
    'a group': {
      secret: 'fake-signing-secret',
      webhook: {
        ...{ method: 'POST', url: 'https://usher.example.com/?wpf_action=add', now: new Date(0) },
        headers: { signature: '63e5da4c4da230d24ae01fce091be6bfbbcf780b3a02a8f21c4c80f30f6fc041' },
        body: Buffer.from(JSON.stringify(ofGroup)),
      },
    },
  },
  versions: { 'the only one': {} },
  webhooks: {
    'added to a group': [{ ...ofGroup, account_id: 1 }, found],
    'entered an automation': [
      {
        type: 'subscriber.automation_triggered',
        subscriber: { id, email },
        automation: { id: '7', name: 'a' },
      },
      found,
    ],
    updated: [flat('subscriber.updated', { id, fields: { name: 'Ada' } }), found],
    unsubscribed: [flat('subscriber.unsubscribed', { id }), found],
    'a batch of both shapes': [
      batch(ofGroup, flat('subscriber.updated')),
      { contacts: [{ contactId: id }, { contactId: second }], isBatch: true },
    ],
    'a batch whose events are wrapped': [
      batch({ type: 'subscriber.updated', data: { subscriber: { id } } }, ofGroup),
      { ...found, isBatch: true },
    ],
    'a batch with a campaign in it': [
      batch({ ...campaign, event: undefined, type: 'campaign.open' }, campaign, ofGroup),
      { ...found, isBatch: true, ignored: 2 },
    ],
    'an address only': [{ ...ofGroup, subscriber: { email } }, { contacts: [{ contactEmail: email }] }],
    'a campaign that is sent': [campaign, { contacts: [], ignored: 1 }],
    'no event': [{ id }, found],
  },
  ids: [
    [id, id],
    ['9223372036854775807', '9223372036854775807'],
    ...['0', '007', '1.0', '12345678901234567890', 'abc', email].map((given) => [given, undefined] as const),
  ],
  unknownId: '99999999999999999',
  loads: { [id]: `GET subscribers/${id}` },
  finds: { 'ada+x@example.com': 'GET subscribers/ada%2Bx%40example.com' },
  writes: ['wp_password', 'z_i_p'].map((name) => ({
    ...{ id, field: name, value: '"\n👍' },
    answers: [{ data: { ...whole, fields: Object.fromEntries([[name, 'x']]) } }],
    requests: [`${put} {"fields":{"${name}":"\\"\\n👍"}}`],
  })),
  lists: {
    everybody: {
      kind: 'all',
      place: 'eyJpZCI6MX0',
      answers: [
        {
          data: [{ id: '31897397363737859', email: 'ada@example.com' }],
          meta: { next_cursor: 'eyJpZCI6Mn0' },
        },
      ],
      requests: ['GET subscribers?limit=100&cursor=eyJpZCI6MX0'],
      page: { contacts: [{ id: '31897397363737859', email: 'ada@example.com' }], next: 'eyJpZCI6Mn0' },
    },
    'who is in a group': {
      kind: 'tag',
      of: 'Buyers',
      answers: [
        { data: [{ id: '31985378335392975', name: 'Buyers' }], meta: { last_page: 1 } },
        { data: [], meta: { next_cursor: null } },
      ],
      requests: ['GET groups?limit=100&page=1', 'GET groups/31985378335392975/subscribers?limit=100'],
      page: { contacts: [], next: undefined },
    },
  },
  noLists: {
    nothing: [null],
    'an empty object': [{}],
    'an error with 200': [{ error: 'x' }],
  },
  check: 'GET subscribers?limit=0',
  fieldLists: {
    'one page': [
      [page(1, 1, 'name', 'z_i_p')],
      ['email', 'status', 'name', 'z_i_p'],
      ['GET fields?limit=100&page=1'],
    ],
    'two pages': [
      [page(1, 2, 'name'), page(2, 2, 'plan')],
      ['name', 'plan'],
      ['GET fields?limit=100&page=1', 'GET fields?limit=100&page=2'],
    ],
    'pages without an end': [
      Array(50).fill(page(1, 1_000_000, 'name')),
      ['name'],
      Array.from({ length: 50 }, (_, index) => `GET fields?limit=100&page=${index + 1}`),
    ],
  },
  noFieldLists: {
    nothing: [null],
    'an empty object': [{}],
    'an error with 200': [{ message: 'x' }],
    'fields without keys': [{ data: [{ name: 'Name' }], meta: { last_page: 1 } }],
  },
  writable: ['wp_password', 'name'],
};
