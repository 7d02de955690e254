import { createHmac } from 'node:crypto';
import type { PersonDraft } from '../../lib/sandbox/person.ts';
import type { Answers, ConnectorEntry, Example } from './connector-entry.ts';

const cio_id = 'a3000a01';
const second = 'a3000a02';
const email = 'ada@example.com';
/** The App API has nothing but texts. */
const custom = { plan: 'pro', vip: 'true', orders: '42', score: '98.6', birthday: '1815-12-10' };
const attributes = {
  ...{ id: 'customer-1815', cio_id, email, first_name: 'Ada', last_name: 'Lovelace' },
  ...{ created_at: '1767603600', ...custom },
};
const person = {
  id: 'customer-1815',
  identifiers: { cio_id, email, id: 'customer-1815' },
  attributes,
  timestamps: { email: 1767603600 },
  devices: [],
  unsubscribed: false,
};
const segmentsOf = (...names: string[]) => ({
  segments: names.map((name, index) => ({
    ...{ id: 7 + index, deduplicate_id: `${7 + index}:1`, name, description: '', state: 'finished' },
    ...{ progress: null, type: index % 2 === 0 ? 'dynamic' : 'manual', tags: null },
  })),
});
const whole = (...names: string[]): Answers => [{ customer: person }, segmentsOf(...names)];
const stored = (tags: readonly string[]): PersonDraft => ({
  id: cio_id,
  email,
  tags,
  createdAt: '2026-01-05T09:00:00.000Z',
  fields: {
    ...{ userId: 'customer-1815', firstName: 'Ada', lastName: 'Lovelace' },
    ...{ plan: 'pro', vip: true, orders: 42, score: 98.6, birthday: '1815-12-10' },
  },
});
const example = (name: string, given: readonly string[], tags = given): Example => ({
  name,
  recorded: { documented: whole(...given) },
  sandbox: stored(given),
  contact: { id: cio_id, fields: attributes, tags },
});

const errorOf = (status: number, detail: string) => ({ errors: [{ detail, status: String(status) }] });
const one = { contacts: [{ contactId: cio_id }] };
const report = (metric: string, object_type: string) => ({
  ...{ event_id: '01E2EMRMM6TZ12TF9WGZN0WJQT', object_type, metric, timestamp: 1772366400 },
  data: { customer_id: 'customer-1815', email_address: email, identifiers: person.identifiers },
});
const body = Buffer.from(JSON.stringify(report('subscribed', 'customer')));
const signature = createHmac('sha256', 'fake-signing-key').update(`v0:1772366400:${body}`).digest('hex');
const wrong = ['1815', 'customer-1815', '..', 'a'.repeat(33), 'cio_a3000a01', email];
const byId = 'id_type=cio_id';
const siteId = '0123456789abcdef0123';
const search =
  'POST customers?limit=100 {"filter":{"and":[{"attribute":{"field":"email","operator":"exists"}}]}}';
const write = (field: string, value: string, json: string) => ({
  ...{ id: cio_id, field, value, answers: [{ customer: person }, {}] },
  requests: [`GET customers/${cio_id}/attributes?${byId}`, `PUT customers/cio_${cio_id} ${json}`],
});

export const customerio: ConnectorEntry = {
  baseUrls: [
    [{ siteId }, 'https://api.customer.io/v1/'],
    [{ siteId, region: 'eu', segments: 'manual' }, 'https://api-eu.customer.io/v1/'],
  ],
  credentials: { apiToken: 'fake-token', trackKey: 'fake-track-key', webhookSecret: 'fake-signing-key' },
  authorised: { headers: { authorization: 'Bearer fake-token' } },
  examples: [
    example('segments', ['customer', 'VIP, gold 👍']),
    example('one segment', ['customer']),
    example('no segments', []),
    example('segments with odd names', [' a/b ', '100%', '__proto__'], ['a/b', '100%', '__proto__']),
  ],
  otherAnswers: {
    'somebody else': [[{ customer: { ...person, identifiers: { cio_id: second } } }, segmentsOf()], [second]],
    'somebody without an address': [
      [
        { customer: { identifiers: { cio_id, email: null, id: null }, attributes: { cio_id } } },
        segmentsOf(),
      ],
      [cio_id],
    ],
  },
  fields: {
    'an address that is an identifier only': [
      [{ customer: { ...person, attributes: { cio_id } } }, segmentsOf()],
      { email },
    ],
  },
  refused: {
    nothing: [null],
    'an empty object': [{}],
    'an error with 200': [errorOf(404, 'not found')],
    'a person without a wrapper': [person],
    'a list of people': [{ customers: [{ customer: person }] }],
    'no identifiers': [{ customer: { ...person, identifiers: undefined } }],
    'identifiers of another kind': [{ customer: { ...person, identifiers: { id: 'customer-1815', email } } }],
    'no attributes': [{ customer: { ...person, attributes: undefined } }],
    'attributes as a list': [{ customer: { ...person, attributes: [] } }],
    'an error in place of segments': [{ customer: person }, errorOf(500, 'x')],
    'no segments': [{ customer: person }, {}],
    'segments as null': [{ customer: person }, { segments: null }],
    'segments as an object': [{ customer: person }, { segments: { customer: true } }],
    'segments by number': [{ customer: person }, { segments: [7] }],
    'segments without names': [{ customer: person }, { segments: [{ id: 7 }] }],
    'the person in place of segments': [{ customer: person }, { customer: person }],
  },
  errors: {
    'nobody there': { status: 404, body: errorOf(404, 'not found'), code: 'contact_not_found' },
    'a key that is none': {
      status: 401,
      body: errorOf(401, 'unauthorized'),
      code: 'crm_credentials_rejected',
    },
    'a Track key that is none': {
      status: 401,
      body: { meta: { error: 'Unauthorized request' } },
      code: 'crm_credentials_rejected',
      isWrite: true,
    },
    'a limit, without a word': { status: 429, body: '', code: 'crm_rate_limited' },
    'a value that is none': {
      status: 400,
      body: { meta: { error: 'attribute value too long' } },
      code: 'crm_write_refused',
      isWrite: true,
    },
  },
  signed: {
    'version, time and body': {
      secret: 'fake-signing-key',
      webhook: {
        method: 'POST',
        url: 'https://usher.example.com/?wpf_action=update',
        headers: { 'x-cio-timestamp': '1772366400', 'x-cio-signature': signature },
        body,
        now: new Date('2026-03-01T12:04:59Z'),
      },
    },
  },
  versions: { 'the only one': {} },
  webhooks: {
    'a step of a campaign': [{ email, cio_id }, one],
    'another name for the id': [{ contact_id: cio_id, plan: 'pro' }, one],
    'an address only': [{ email }, { contacts: [{ contactEmail: email }] }],
    'placeholders that were empty': [{ email: '', cio_id: '' }, { contacts: [] }],
    'a step that sends a form': [`cio_id=${cio_id}&email=ada%40example.com`, one],
    'a report of somebody who subscribed': [report('subscribed', 'customer'), one],
    'a report of preferences': [report('cio_subscription_preferences_changed', 'email'), one],
    'a report of an opened mail': [report('opened', 'email'), { contacts: [], ignored: 1 }],
    'a report of a webhook': [report('sent', 'webhook'), { contacts: [], ignored: 1 }],
  },
  ids: [
    [cio_id, cio_id],
    [cio_id.toUpperCase(), cio_id],
    ...wrong.map((given) => [given, undefined] as const),
  ],
  unknownId: 'ffffffffffff',
  loads: { [cio_id]: `GET customers/${cio_id}/attributes?${byId}` },
  finds: { 'ada+x@example.com': 'GET customers?email=ada+x@example.com' },
  writes: [
    write('wp_password', 'fake-password', '{"_update":true,"wp_password":"fake-password"}'),
    write('__proto__', '"\n👍', '{"_update":true,"__proto__":"\\"\\n👍"}'),
  ],
  lists: {
    everybody: {
      kind: 'all',
      answers: [
        { identifiers: [{ cio_id: 'a3000001', email: 'ada@example.com', id: null }], ids: [''], next: 'MDE' },
      ],
      requests: [
        'POST customers?limit=1000 {"filter":{"and":[{"attribute":{"field":"email","operator":"exists"}}]}}',
      ],
      page: { contacts: [{ id: 'a3000001', email: 'ada@example.com' }], next: 'MDE' },
    },
    'who is in a segment, by its name': {
      kind: 'tag',
      of: 'Buyers',
      place: 'MDE',
      answers: [{ segments: [{ id: 7, name: 'Buyers' }] }, { identifiers: [], ids: [], next: '' }],
      requests: ['GET segments', 'GET segments/7/membership?limit=1000&start=MDE'],
      page: { contacts: [], next: undefined },
    },
    'who is in a segment': {
      kind: 'segment',
      of: '7',
      answers: [{ segments: [{ id: 7, name: 'Buyers' }] }, { identifiers: [], ids: [], next: '' }],
      requests: ['GET segments', 'GET segments/7/membership?limit=1000'],
      page: { contacts: [], next: undefined },
    },
  },
  noLists: {
    nothing: [null],
    'an empty object': [{}],
    'an error with 200': [{ error: 'x' }],
  },
  check: 'GET segments',
  fieldLists: {
    'of some people': [
      [
        { identifiers: [{ cio_id, email, id: null }], ids: [''], next: '' },
        { customers: [{ customer: person }, { customer: { ...person, attributes: { city: 'London' } } }] },
      ],
      ['email', 'plan', 'city'],
      [search, `POST customers/attributes?${byId} {"ids":["${cio_id}"]}`],
    ],
    'of nobody': [[{ identifiers: [], ids: [], next: '' }], ['email', 'cio_id'], [search]],
  },
  noFieldLists: {
    nothing: [null],
    'an empty object': [{}],
    'an error with 200': [errorOf(401, 'unauthorized')],
    'people without attributes': [{ identifiers: [{ cio_id }] }, { customers: [{ customer: {} }] }],
  },
  writable: ['wp_password', 'first_name', 'Mein neues Feld'],
};
