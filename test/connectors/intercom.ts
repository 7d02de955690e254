import { createHmac } from 'node:crypto';
import type { PersonDraft } from '../../lib/sandbox/person.ts';
import type { Answers, ConnectorEntry, Example } from './connector-entry.ts';

const id = '6762f0d01bb69f9f2193bb7d';
const second = '6762f0d01bb69f9f2193bb7e';
const custom = { vip: true, orders: 42, score: 98.6, birthday: -4861123200, bio: 'Countess', nickname: null };
const inline = (...ids: string[]) => ({
  type: 'list',
  data: ids.map((tag) => ({ type: 'tag', id: tag, url: `/tags/${tag}` })),
  url: `/contacts/${id}/tags`,
  total_count: ids.length,
  has_more: false,
});
const person = {
  type: 'contact',
  id,
  workspace_id: 'ecahpwf5',
  external_id: 'customer-1815',
  role: 'user',
  email: 'ada@example.com',
  phone: '+442079460000',
  name: 'Ada King Lovelace',
  owner_id: null,
  social_profiles: { type: 'list', data: [] },
  unsubscribed_from_emails: false,
  created_at: 1767603600,
  updated_at: 1770282000,
  location: { type: 'location', country: 'United Kingdom', region: 'England', city: 'London' },
  custom_attributes: custom,
  tags: inline('80'),
  companies: { type: 'list', data: [], total_count: 0, has_more: false },
};
const tagList = (...names: string[]) => ({
  type: 'list',
  data: names.map((name, index) => ({ type: 'tag', id: `${80 + index}`, name, applied_at: 1767603600 })),
});
const whole = (...names: string[]): Answers => [person, tagList(...names)];

const place = {
  'location.country': 'United Kingdom',
  'location.region': 'England',
  'location.city': 'London',
};
const { external_id, email, phone, name } = person;
const flat = { external_id, email, phone, name, first_name: 'Ada', last_name: 'King Lovelace' };
const fields = { ...flat, created_at: 1767603600, ...place, ...custom };
const stored = (tags: readonly string[]): PersonDraft => ({
  id,
  email,
  tags,
  createdAt: '2026-01-05T09:00:00.000Z',
  fields: {
    ...{ userId: external_id, phone, name, country: 'United Kingdom', region: 'England', city: 'London' },
    ...{ ...custom, birthday: '1815-12-17' },
  },
});
const example = (title: string, tags: readonly string[], recorded: Example['recorded']): Example => ({
  name: title,
  recorded,
  sandbox: stored(tags),
  contact: { id, fields, tags },
});
const eleven = Array.from({ length: 11 }, (_, n) => `tag ${n}`);

const errorOf = (code: string, message: string) => ({
  ...{ type: 'error.list', request_id: 'fake-request' },
  errors: [{ code, message }],
});
const one = { contacts: [{ contactId: id }] };
const notification = (topic: string, item: object) => ({
  ...{ type: 'notification_event', app_id: 'ecahpwf5', id: 'notif_1', topic, delivery_attempts: 1 },
  data: { type: 'notification_event_data', item },
});
const body = Buffer.from(JSON.stringify(notification('contact.user.updated', { type: 'contact', id })));
const nobody = { contacts: [], ignored: 1 };
const wrong = ['1815', 'search', '..', `${id}0`, id.slice(1), 'z'.repeat(24), 'ada@example.com'];
const write = (field: string, value: string, request: string) => {
  return { id, field, value, answers: [person], requests: [`PUT contacts/${id} ${request}`] };
};
const attribute = (own: string, full_name: string, isCustom: boolean) => {
  return { type: 'data_attribute', model: 'contact', name: own, full_name, custom: isCustom };
};

export const intercom: ConnectorEntry = {
  baseUrls: [
    [{}, 'https://api.intercom.io/'],
    [{ region: 'eu' }, 'https://api.eu.intercom.io/'],
    [{ region: 'au' }, 'https://api.au.intercom.io/'],
  ],
  credentials: { apiToken: 'fake-token', webhookSecret: 'fake-client-secret' },
  authorised: { headers: { authorization: 'Bearer fake-token', 'intercom-version': '2.14' } },
  examples: [
    example('tags by a call of their own', ['customer', 'VIP, gold 👍'], {
      documented: whole('customer', 'VIP, gold 👍'),
    }),
    example('one tag', ['customer'], { documented: whole('customer') }),
    example('no tags', [], { documented: [{ ...person, tags: inline() }, tagList()] }),
    example('more tags than a contact has inline', eleven, { documented: whole(...eleven) }),
    example('tags with spaces', ['a/b', 'early bird'], { documented: whole('a/b', ' early bird ', 'a/b') }),
  ],
  otherAnswers: {
    'somebody else, merged or not': [[{ ...person, id: second }, tagList()], [second]],
    'a lead without anything': [[{ type: 'contact', id, role: 'lead' }, tagList()], [id]],
  },
  fields: {
    'names that the workspace has itself': [
      [{ ...person, custom_attributes: { first_name: 'Augusta', last_name: null } }, tagList()],
      { first_name: 'Augusta', last_name: 'King Lovelace' },
    ],
    'an attribute that hides nothing': [
      [{ ...person, custom_attributes: { email: 'x', id: 'y' } }, tagList()],
      { email: 'ada@example.com', id },
    ],
  },
  refused: {
    nothing: [null],
    'an empty object': [{}],
    'an error with 200': [errorOf('not_found', 'User Not Found')],
    'a search': [{ type: 'list', data: [person], total_count: 1 }],
    'no id': [{ ...person, id: undefined }],
    'a number for an id': [{ ...person, id: 7 }],
    'attributes as a list': [{ ...person, custom_attributes: [['vip', true]] }],
    'tags that are none': [person, errorOf('server_error', 'x')],
    'tags as null': [person, { type: 'list', data: null }],
    'tags as an object': [person, { type: 'list', data: { customer: true } }],
    'tags by number': [person, inline('80')],
    'the contact in place of its tags': [person, person],
  },
  errors: {
    'nobody there': { status: 404, body: errorOf('not_found', 'User Not Found'), code: 'contact_not_found' },
    'merged into another': {
      status: 410,
      headers: { link: `</contacts/${second}>; rel="canonical"` },
      body: errorOf('contact_merged', "This contact has been merged. See the 'Link' header."),
      code: 'contact_not_found',
    },
    'a token that is none': {
      status: 401,
      body: errorOf('unauthorized', 'Access Token Invalid'),
      code: 'crm_credentials_rejected',
    },
    'a limit, until a time': {
      status: 429,
      headers: {
        'x-ratelimit-limit': '1667',
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': '1772366407',
      },
      body: errorOf('rate_limit_exceeded', 'Exceeded rate limit'),
      code: 'crm_rate_limited',
      seconds: 7,
    },
    'an attribute that is none': {
      status: 400,
      body: errorOf('parameter_invalid', "Custom attribute 'nope' does not exist"),
      code: 'crm_write_refused',
      isWrite: true,
    },
    'a write to who was merged': {
      status: 410,
      body: errorOf('contact_merged', 'This contact has been merged.'),
      code: 'contact_not_found',
      isWrite: true,
    },
  },
  signed: {
    'the body with SHA-1': {
      secret: 'fake-client-secret',
      webhook: {
        method: 'POST',
        url: 'https://usher.example.com/?wpf_action=update',
        headers: {
          'x-hub-signature': `sha1=${createHmac('sha1', 'fake-client-secret').update(body).digest('hex')}`,
        },
        body,
        now: new Date('2026-03-01T12:00:00Z'),
      },
    },
  },
  versions: { 'the only one': {} },
  webhooks: {
    'a tag': [
      notification('contact.user.tag.created', {
        ...{ type: 'contact_tag', tag: { type: 'tag', id: '80', name: 'customer' } },
        contact: { type: 'contact', id, role: 'user', email },
      }),
      one,
    ],
    'a tag of an older version': [notification('user.tag.created', { type: 'user_tag', user: { id } }), one],
    'a change': [notification('contact.user.updated', { type: 'contact', id, role: 'user', email }), one],
    'a contact without an id': [
      notification('contact.email.updated', { type: 'contact', email }),
      { contacts: [{ contactEmail: email }] },
    ],
    'an id that somebody typed': [{ contact_id: id }, one],
    'a ping, when the URL is saved': [
      notification('ping', { type: 'ping', message: 'something something interzen' }),
      nobody,
    ],
    'a conversation': [
      notification('conversation.user.created', { type: 'conversation', id: '147' }),
      nobody,
    ],
    'a company': [notification('company.created', { type: 'company', id: second }), nobody],
  },
  ids: [[id, id], [id.toUpperCase(), id], ...wrong.map((given) => [given, undefined] as const)],
  unknownId: '000000000000000000000000',
  loads: { [id]: `GET contacts/${id}` },
  finds: {
    'ada+x@example.com':
      'POST contacts/search {"query":{"field":"email","operator":"=","value":"ada+x@example.com"},"pagination":{"per_page":50}}',
  },
  writes: [
    write('wp_password', '"\n👍', '{"custom_attributes":{"wp_password":"\\"\\n👍"}}'),
    write('__proto__', 'x', '{"custom_attributes":{"__proto__":"x"}}'),
    write('phone', '+4420', '{"phone":"+4420"}'),
  ],
  lists: {
    everybody: {
      kind: 'all',
      answers: [
        {
          type: 'list',
          data: [{ type: 'contact', id: '5ba682d23d7cf92bef87bfd4', email: 'ada@example.com' }],
          pages: { type: 'pages', next: { per_page: 150, starting_after: 'WzE' } },
        },
      ],
      requests: ['GET contacts?per_page=150'],
      page: { contacts: [{ id: '5ba682d23d7cf92bef87bfd4', email: 'ada@example.com' }], next: 'WzE' },
    },
    'who has a tag': {
      kind: 'tag',
      of: 'customer',
      place: 'WzE',
      answers: [{ data: [{ id: '17', name: 'customer' }] }, { data: [], pages: { type: 'pages' } }],
      requests: [
        'GET tags',
        'POST contacts/search {"query":{"field":"tag_id","operator":"=","value":"17"},"pagination":{"per_page":150,"starting_after":"WzE"}}',
      ],
      page: { contacts: [], next: undefined },
    },
    'who is in a segment': {
      kind: 'segment',
      of: '6329bd9ffe4e2e91dac76188',
      answers: [
        { segments: [{ id: '6329bd9ffe4e2e91dac76188', name: 'Active' }] },
        { data: [], pages: { type: 'pages' } },
      ],
      requests: [
        'GET segments',
        'POST contacts/search {"query":{"field":"segment_id","operator":"=","value":"6329bd9ffe4e2e91dac76188"},"pagination":{"per_page":150}}',
      ],
      page: { contacts: [], next: undefined },
    },
  },
  noLists: {
    nothing: [null],
    'an empty object': [{}],
    'an error with 200': [{ error: 'x' }],
  },
  check: 'GET me',
  fieldLists: {
    documented: [
      [
        {
          type: 'list',
          data: [
            attribute('plan', 'custom_attributes.plan', true),
            attribute('city', 'location.city_name', false),
          ],
        },
      ],
      ['email', 'first_name', 'location.city', 'plan', 'location.city_name'],
      ['GET data_attributes?model=contact'],
    ],
    'none of its own': [[{ type: 'list', data: [] }], ['email'], ['GET data_attributes?model=contact']],
  },
  noFieldLists: {
    nothing: [null],
    'an empty object': [{}],
    'an error with 200': [errorOf('unauthorized', 'x')],
    'names that are numbers': [{ type: 'list', data: [{ name: 7, custom: true }] }],
  },
  writable: ['wp_password', 'phone'],
};
