import type { PersonDraft } from '../../lib/sandbox/person.ts';
import type { ConnectorEntry, Example } from './connector-entry.ts';

const id = '0123456789abcdef0123456789abcdef';
const second = 'fedcba9876543210fedcba9876543210';
const site = '00112233445566778899aabbccddeeff';
const query = `site_uuid=${site}`;

const names = { first_name: 'Ada', last_name: 'Lovelace' };
const custom = { vip: true, orders: 42, birthday: '1815-12-10', interests: ['poetry'], bio: '' };
/** Commands go by the address, which nobody else in the sandbox may have. */
const attributes = {
  ...{ uuid: id, email: 'ada.king@example.com', unsubscribed_at: null },
  ...{ fields: { ...names, ...custom }, cached_tag_ids: [] as unknown },
  navigation_url: 'https://app.bentonow.com/x',
};
const visitor = (more: object = {}) => ({
  data: { id: '1815', type: 'visitors', attributes: { ...attributes, ...more } },
});
const tagged = (...cached_tag_ids: unknown[]) => visitor({ cached_tag_ids });
const tag = (number: string, name: string | null, discarded_at: string | null = null) => ({
  ...{ id: number, type: 'tags' },
  attributes: { name, created_at: '2026-01-05T09:00:00.000Z', discarded_at, site_id: 1 },
});
const tags = (...all: string[]) => ({ data: all.map((name, index) => tag(String(16 + index), name)) });

const stored = (given: string[]): PersonDraft => {
  const fields = { firstName: names.first_name, lastName: names.last_name, ...custom };
  return { id, email: attributes.email, tags: given, fields };
};
const example = (name: string, expected: string[], recorded: unknown[], given = expected): Example => ({
  name,
  recorded: { documented: recorded },
  sandbox: stored(given),
  contact: { id, fields: { email: 'ada.king@example.com', ...names, ...custom }, tags: expected },
});
const odd = ['#hash', 'a/b', 'a, b', '__proto__', '100%', '👍'];

const one = { contacts: [{ contactId: id }] };
const load = `GET fetch/subscribers?${query}&uuid=${id}`;
const write = (field: string, value: string, command: object) => ({
  ...{ id, field, value, answers: [visitor(), { results: 1, failed: 0 }] },
  requests: [load, `POST fetch/commands ${JSON.stringify({ command, site_uuid: site })}`],
});
const added = (key: string, value: string) => {
  return { command: 'add_field', email: 'ada.king@example.com', query: { key, value } };
};
const field = (key: string) => ({
  ...{ id: '1', type: 'visitors-fields' },
  attributes: { name: key, key, whitelisted: null, created_at: '2026-01-05T09:00:00.000Z' },
});

export const bento: ConnectorEntry = {
  baseUrls: [[{ site }, 'https://app.bentonow.com/api/v1/']],
  credentials: { apiToken: 'fake-token', publishableKey: 'fake-publishable-key' },
  // `fake-publishable-key:fake-token`
  authorised: { headers: { authorization: 'Basic ZmFrZS1wdWJsaXNoYWJsZS1rZXk6ZmFrZS10b2tlbg==' } },
  examples: [
    example('tags', ['VIP customer', 'customer'], [tagged('17', '16'), tags('customer', 'VIP customer')]),
    example('one tag', ['customer'], [tagged('16'), tags('customer', 'newsletter')]),
    example('one tag, whose id is a number', ['customer'], [tagged(16), tags('customer')]),
    example('no tags', [], [tagged()]),
    example('tags with spaces', ['customer'], [tagged('16', '17'), tags(' customer', 'customer ')]),
    example('tags that mean something elsewhere', odd, [
      tagged(...odd.map((_, index) => String(16 + index))),
      tags(...odd),
    ]),
    example(
      'a discarded tag',
      ['customer'],
      [tagged('16', '17'), { data: [tag('16', 'customer'), tag('17', 'old', '2026-01-06T09:00:00.000Z')] }],
    ),
  ],
  otherAnswers: {
    'another subscriber': [[visitor({ uuid: second })], [second]],
    'an id in capitals': [[visitor({ uuid: id.toUpperCase() })], [id]],
    'a subscriber without an address and fields': [[visitor({ email: null, fields: null })], [id]],
  },
  fields: {
    'one that is called as what everybody has': [
      [visitor({ fields: { email: 'x' }, unsubscribed_at: '2026-02-05T09:00:00.000Z' })],
      { email: 'ada.king@example.com', unsubscribed_at: '2026-02-05T09:00:00.000Z' },
    ],
  },
  refused: {
    nothing: [null],
    'a text': ['OK'],
    'an empty object': [{}],
    'an error with 200': [{ error: 'Unauthorized' }],
    nobody: [{ data: null }],
    'a list': [{ data: [visitor().data] }],
    'no attributes': [{ data: { id: '1815', type: 'visitors' } }],
    'no id': [visitor({ uuid: undefined })],
    'a number for an id': [visitor({ uuid: 1815 })],
    'no address': [visitor({ email: undefined })],
    'fields as a list': [visitor({ fields: ['Ada'] })],
    'no tags': [visitor({ cached_tag_ids: undefined })],
    'tags that are null': [visitor({ cached_tag_ids: null })],
    'tags as a text': [visitor({ cached_tag_ids: '16,17' })],
    'tags as objects': [visitor({ cached_tag_ids: [{ id: '16' }] })],
    'a tag without a name': [tagged('99'), tags('customer')],
    'no names': [tagged('16'), { data: null }],
    'names as an object': [tagged('16'), { data: { '16': 'customer' } }],
  },
  errors: {
    'nobody there': { status: 200, body: { data: null }, code: 'contact_not_found' },
    'nobody there, as an empty object': { status: 200, body: { data: {} }, code: 'contact_not_found' },
    'nobody there, as nothing at all': { status: 200, body: {}, code: 'contact_not_found' },
    'a key that is none': { status: 401, body: { error: 'Unauthorized' }, code: 'crm_credentials_rejected' },
    'a call without a name': {
      status: 403,
      headers: { 'content-type': 'text/html; charset=UTF-8' },
      body: '<!DOCTYPE html><title>Attention Required!</title>',
      code: 'crm_answer_invalid',
    },
    'a limit': { status: 429, body: { error: 'Too many requests' }, code: 'crm_rate_limited' },
    'an address that cannot be written': {
      status: 422,
      body: { errors: [{ field: 'email', message: 'is invalid' }] },
      code: 'crm_write_refused',
      isWrite: true,
    },
    'a command that failed': {
      status: 200,
      body: { results: 0, failed: 1 },
      code: 'crm_write_refused',
      isWrite: true,
    },
    'a command that was not taken': {
      status: 200,
      body: { results: 0 },
      code: 'crm_write_refused',
      isWrite: true,
    },
  },
  versions: { 'the only one': {} },
  webhooks: {
    'a workflow': [{ id, email: 'ada.king@example.com' }, one],
    'a workflow, the address alone': [
      { email: 'ada.king@example.com' },
      { contacts: [{ contactEmail: 'ada.king@example.com' }] },
    ],
    'a workflow whose id was empty': [
      { id: '', email: 'ada.king@example.com' },
      { contacts: [{ contactEmail: 'ada.king@example.com' }] },
    ],
    'another word for the id': [{ uuid: id.toUpperCase() }, one],
    'the id further in': [{ data: { uuid: id } }, one],
    nobody: [{ id: '', email: '' }, { contacts: [] }],
  },
  ids: [
    [id, id],
    [id.toUpperCase(), id],
    ['01234567-89ab-cdef-0123-456789abcdef', '01234567-89ab-cdef-0123-456789abcdef'],
    ...['1815', 'ada@example.com', `${id}${id}`].map((given) => [given, undefined] as const),
  ],
  unknownId: 'ffffffffffffffffffffffffffffffff',
  loads: { [id]: load },
  finds: { 'ada+x@example.com': `GET fetch/subscribers?${query}&email=ada+x@example.com` },
  writes: [
    write('wp_password', 'fake-password', added('wp_password', 'fake-password')),
    write('first_name', '"Zoë" 👍', added('first_name', '"Zoë" 👍')),
    write('email', 'ada.l@example.com', {
      ...{ command: 'change_email', email: 'ada.king@example.com', query: 'ada.l@example.com' },
    }),
  ],
  check: `GET fetch/tags?${query}`,
  fieldLists: {
    documented: [
      [{ data: [field('first_name'), field('plan')] }],
      ['email', 'first_name', 'plan'],
      [`GET fetch/fields?${query}`],
    ],
    'none at all': [[{ data: [] }], ['email', 'unsubscribed_at'], [`GET fetch/fields?${query}`]],
  },
  noFieldLists: {
    nothing: [null],
    'an empty object': [{}],
    'an error with 200': [{ error: 'x' }],
    'a list without its key': [[field('x')]],
    'a field without a key': [{ data: [{ id: '1', attributes: { name: 'x' } }] }],
  },
  writable: ['wp_password', 'first_name'],
};
