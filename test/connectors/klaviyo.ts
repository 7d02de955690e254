import type { PersonDraft } from '../../lib/sandbox/person.ts';
import type { ConnectorEntry, Example } from './connector-entry.ts';

const id = '01GDDKASAP8TKDDA2GRZDSVP4H';
const host = 'https://a.klaviyo.com/api';
const names = {
  ...{ email: 'ada@example.com', phone_number: '+442079460000', external_id: null, locale: null },
  ...{ first_name: 'Ada', last_name: 'Lovelace', organization: 'Analytical Engines', title: null },
};
const location = { address1: null, city: 'London', country: 'United Kingdom', region: 'England', zip: null };
const properties = { vip: true, orders: 42, birthday: '1815-12-10', interests: ['poetry'], wp_password: 'x' };
const attributes = {
  ...{ ...names, image: null, created: '2026-01-05T09:00:00+00:00', updated: '2026-02-05T09:00:00+00:00' },
  ...{ last_event_date: null, location, properties },
};
const related = (what: string) => ({
  links: {
    self: `${host}/profiles/${id}/relationships/${what}/`,
    related: `${host}/profiles/${id}/${what}/`,
  },
});
const profile = {
  ...{ type: 'profile', id, attributes, links: { self: `${host}/profiles/${id}/` } },
  relationships: { lists: related('lists'), segments: related('segments') },
};
const contact = { data: profile };
const changed = (more: object) => ({ data: { ...profile, ...more } });
const withAttributes = (more: object) => changed({ attributes: { ...attributes, ...more } });

const lists = (...all: string[]) => ({
  data: all.map((name, index) => ({
    ...{ type: 'list', id: `Y6nRL${index}`, attributes: { name } },
    links: { self: `${host}/lists/Y6nRL${index}/` },
  })),
  links: { self: `${host}/profiles/${id}/lists/` },
});
const next = (cursor: string) => ({
  links: { next: `${host}/profiles/${id}/lists/?page%5Bcursor%5D=${cursor}` },
});

const fields = {
  ...names,
  ...properties,
  ...{ 'location.city': 'London', 'location.country': 'United Kingdom', 'location.region': 'England' },
};
const stored = (tags: string[]): PersonDraft => {
  const { first_name: firstName, last_name: lastName, phone_number: phone, email, ...others } = names;
  const { city, country, region } = location;
  const own = { ...others, company: others.organization, firstName, lastName, phone, city, country };
  return { id, email, tags, fields: { ...own, 'location.region': region, ...properties } };
};
const example = (name: string, tags: string[], answers: unknown[], given = tags): Example => ({
  name,
  recorded: { documented: [contact, ...answers] },
  sandbox: stored(given),
  contact: { id, fields, tags },
});
const odd = ['#hash', 'a/b', 'a, b', '__proto__', '100%', '👍'];

const error = (status: number, code: string, title: string, detail = title) => ({
  errors: [{ id: '00000000-0000-0000-0000-000000000000', status, code, title, detail, source: {} }],
});
const one = { contacts: [{ contactId: id }] };
const path = `profiles/${id}`;
const nobody = '01ZZZZZZZZZZZZZZZZZZZZZZZZ';
const patch = (sent: object) =>
  `PATCH ${path} ${JSON.stringify({ data: { type: 'profile', id, attributes: sent } })}`;
const sample = 'GET profiles?page[size]=100&sort=-updated';

export const klaviyo: ConnectorEntry = {
  baseUrls: [
    [{}, 'https://a.klaviyo.com/api/'],
    ...['lists', 'segments', 'both'].map((tagsFrom) => [{ tagsFrom }, 'https://a.klaviyo.com/api/'] as const),
  ],
  credentials: { apiToken: 'fake-token' },
  authorised: {
    headers: {
      authorization: 'Klaviyo-API-Key fake-token',
      revision: '2026-07-15',
      accept: 'application/vnd.api+json',
    },
  },
  examples: [
    example('lists', ['customer', 'VIP customer'], [lists('customer', 'VIP customer')]),
    example('one list', ['customer'], [lists('customer')]),
    example('no list', [], [lists()]),
    example('lists with spaces', ['customer'], [lists(' customer', 'customer ')], [' customer', 'customer ']),
    example('lists that mean something elsewhere', odd, [lists(...odd)]),
    example(
      'lists of two pages',
      ['customer', 'newsletter'],
      [
        { ...lists('customer'), ...next('abc') },
        { ...lists('newsletter'), links: { next: null } },
      ],
    ),
  ],
  otherAnswers: {
    'another profile': [
      [changed({ id: '01GDDKASAP8TKDDA2GRZDSVP4X' }), lists()],
      ['01GDDKASAP8TKDDA2GRZDSVP4X'],
    ],
    'a profile without an address': [[withAttributes({ email: null }), lists()], [id]],
    'nothing but an id': [[{ data: { type: 'profile', id, attributes: {} } }, { data: [] }], [id]],
  },
  fields: {
    'a property that is called as something that everybody has': [
      [withAttributes({ properties: { title: 'Countess', city: 'Bern' } }), lists()],
      { title: null, 'properties.title': 'Countess', city: 'Bern', 'location.city': 'London' },
    ],
  },
  otherSettings: {
    segments: [
      { tagsFrom: 'segments' },
      [contact, lists('engaged')],
      ['engaged'],
      [`GET profiles/${nobody}`, `GET ${path}/segments?fields[segment]=name`],
    ],
    both: [
      { tagsFrom: 'both' },
      [contact, lists('customer', 'same'), lists('engaged', 'same')],
      ['customer', 'same', 'engaged'],
      [
        `GET profiles/${nobody}`,
        `GET ${path}/lists?fields[list]=name`,
        `GET ${path}/segments?fields[segment]=name`,
      ],
    ],
    'both, without one': [{ tagsFrom: 'both' }, [contact, lists('customer'), {}], 'refused', []],
  },
  refused: {
    nothing: [null],
    'a text': ['OK'],
    'an empty object': [{}],
    'an error with 200': [error(404, 'not_found', 'Not found.')],
    'a search': [{ data: [profile] }],
    'no id': [changed({ id: undefined })],
    'a number for an id': [changed({ id: 7 })],
    'no attributes': [changed({ attributes: undefined })],
    'an address that is a list': [withAttributes({ email: ['ada@example.com'] })],
    'properties as a list': [withAttributes({ properties: ['vip'] })],
    'no lists': [contact, { links: {} }],
    'lists that are null': [contact, { data: null }],
    'lists as an object': [contact, { data: { attributes: { name: 'customer' } } }],
    'lists without names': [contact, { data: [{ type: 'list', id: 'Y6nRLr', attributes: {} }] }],
    'lists by id': [contact, { data: ['Y6nRLr'] }],
    'a second page without lists': [contact, { ...lists('customer'), ...next('abc') }, {}],
    'a next page without its place': [contact, { ...lists('customer'), links: { next: `${host}/profiles` } }],
  },
  errors: {
    'nobody there': {
      status: 404,
      body: error(404, 'not_found', 'Not found.', 'A profile with id 01X does not exist.'),
      code: 'contact_not_found',
    },
    'a key that is none': {
      status: 401,
      body: error(401, 'not_authenticated', 'Authentication credentials were not provided.'),
      code: 'crm_credentials_rejected',
    },
    'a scope that is missing': {
      status: 403,
      body: error(403, 'permission_denied', 'You do not have permission to perform this action.'),
      code: 'crm_credentials_rejected',
    },
    'a limit': {
      status: 429,
      headers: { 'retry-after': '7', 'ratelimit-limit': '3, 3;w=1, 60;w=60', 'ratelimit-remaining': '0' },
      body: error(429, 'throttled', 'Request was throttled.', 'Expected available in 7 seconds.'),
      code: 'crm_rate_limited',
      seconds: 7,
    },
    'a value that cannot be written': {
      status: 400,
      body: error(400, 'invalid', 'Invalid input.'),
      code: 'crm_write_refused',
      isWrite: true,
    },
  },
  versions: { 'the only one': {} },
  webhooks: {
    'a flow': [{ id, email: 'ada@example.com' }, one],
    'a flow, the address first': [{ email: 'ada@example.com', id }, one],
    'a flow, the address alone': [
      { email: 'ada@example.com' },
      { contacts: [{ contactEmail: 'ada@example.com' }] },
    ],
    'a flow whose id was empty': [
      { id: '', email: 'ada@example.com' },
      { contacts: [{ contactEmail: 'ada@example.com' }] },
    ],
    'a flow with another word for the id': [{ profile_id: id }, one],
    'a flow for somebody without an address': [{ id: '', email: '' }, { contacts: [] }],
  },
  ids: [
    [id, id],
    ['Y6nRLr', 'Y6nRLr'],
    ...['7', 'customer-1815', 'ada@example.com', `${id}X`].map((given) => [given, undefined] as const),
  ],
  unknownId: nobody,
  loads: { [id]: `GET ${path}` },
  finds: {
    'ada+x@example.com': 'GET profiles?filter=equals(email,"ada+x@example.com")',
    '"a\\b"@example.com': 'GET profiles?filter=equals(email,"\\"a\\\\b\\"@example.com")',
  },
  writes: [
    ['wp_password', 'fake-password', { properties: { wp_password: 'fake-password' } }] as const,
    ['first_name', '"Zoë" 👍', { first_name: '"Zoë" 👍' }] as const,
    ['properties.title', 'x', { properties: { title: 'x' } }] as const,
    ['location.city', 'Bern', { location: { ...location, city: 'Bern' } }] as const,
  ].map(([field, value, sent]) => {
    const looks = field === 'location.city';
    const requests = [...(looks ? [`GET ${path}`] : []), patch(sent)];
    return { id, field, value, answers: [contact, contact].slice(looks ? 0 : 1), requests };
  }),
  lists: {
    everybody: {
      kind: 'all',
      answers: [
        {
          data: [
            { type: 'profile', id: '01GDDKASAP8TKDDA2GRZDSVP4H', attributes: { email: 'ada@example.com' } },
          ],
          links: { next: 'https://a.klaviyo.com/api/profiles/?page%5Bcursor%5D=bmV4dA' },
        },
      ],
      requests: ['GET profiles?page[size]=100&fields[profile]=email'],
      page: { contacts: [{ id: '01GDDKASAP8TKDDA2GRZDSVP4H', email: 'ada@example.com' }], next: 'bmV4dA' },
    },
    'who is in a list': {
      kind: 'tag',
      of: 'Buyers',
      place: 'bmV4dA',
      answers: [
        { data: [{ type: 'list', id: 'Y6nRLr', attributes: { name: 'Buyers' } }], links: { next: null } },
        { data: [], links: { next: null } },
      ],
      requests: [
        'GET lists?fields[list]=name',
        'GET lists/Y6nRLr/profiles?page[size]=100&fields[profile]=email&page[cursor]=bmV4dA',
      ],
      page: { contacts: [], next: undefined },
    },
    'who is in a segment': {
      kind: 'segment',
      of: 'Z6nRLr',
      answers: [
        { data: [{ type: 'segment', id: 'Z6nRLr', attributes: { name: 'Buyers' } }], links: { next: null } },
        { data: [], links: { next: null } },
      ],
      requests: [
        'GET segments?fields[segment]=name',
        'GET segments/Z6nRLr/profiles?page[size]=100&fields[profile]=email',
      ],
      page: { contacts: [], next: undefined },
    },
  },
  noLists: {
    nothing: [null],
    'an empty object': [{}],
    'an error with 200': [{ error: 'x' }],
  },
  check: 'GET accounts?fields[account]=timezone',
  fieldLists: {
    'names seen in a page': [
      [{ data: [profile, { ...profile, attributes: { properties: { plan: 'x', title: 'y' } } }] }],
      ['email', 'title', 'location.city', 'vip', 'plan', 'properties.title'],
      [sample],
    ],
    'an empty account': [[{ data: [] }], ['email', 'first_name', 'location.zip'], [sample]],
  },
  noFieldLists: {
    nothing: [null],
    'an empty object': [{}],
    'an error with 200': [error(400, 'invalid', 'Invalid input.')],
    'a list without its key': [[profile]],
    'properties as a list': [{ data: [{ ...profile, attributes: { properties: ['vip'] } }] }],
  },
  writable: ['wp_password', 'first_name', 'location.city'],
};
