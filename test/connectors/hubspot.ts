import { createHmac } from 'node:crypto';
import type { PersonDraft } from '../../lib/sandbox/person.ts';
import type { ConnectorEntry, Example } from './connector-entry.ts';

const id = '512';
const names = {
  email: 'ada@example.com',
  firstname: 'Ada',
  lastname: 'Lovelace',
  phone: '+44 20 7946 0000',
  company: 'Analytical Engines; Ltd',
  city: 'London',
  state: 'England',
  country: 'United Kingdom',
};
const times = { createdAt: '2026-01-05T09:00:00.000Z', updatedAt: '2026-02-05T09:00:00.000Z' };
const custom = { vip: 'true', orders: '42', birthday: '1815-12-10', wp_password: null };
const record = (properties: object, more = {}) => ({
  ...{ id, archived: false, ...times, ...more },
  properties: { createdate: times.createdAt, hs_object_id: id, ...properties },
});
const contact = record({ ...names, ...custom, hs_merged_object_ids: null });

const memberships = (...ids: string[]) => {
  const times = { firstAddedTimestamp: '2026-01-05T09:00:00Z', lastAddedTimestamp: '2026-01-05T09:00:00Z' };
  return { total: ids.length, results: ids.map((listId) => ({ listId, listVersion: 3, ...times })) };
};
const list = (listId: string, name: string) => ({
  ...{ listId, listVersion: 3, name, objectTypeId: '0-1', additionalProperties: {} },
  ...{ processingStatus: 'COMPLETE', processingType: 'MANUAL' },
});
const lists = (...all: string[]) => ({
  ...{ offset: all.length, hasMore: false, total: all.length },
  lists: all.map((name, index) => list(String(17 + index), name)),
});
const definition = (name: string, type: string, fieldType: string) => ({
  ...{ name, label: name, type, fieldType, groupName: 'contactinformation', description: '', options: [] },
});
const definitions = {
  results: [
    ...Object.keys(names).map((name) => definition(name, 'string', 'text')),
    definition('interests', 'enumeration', 'checkbox'),
    definition('birthday', 'date', 'date'),
    definition('orders', 'number', 'number'),
  ],
};

const stored = (tags: string[]): PersonDraft => {
  const { email, firstname: firstName, lastname: lastName, ...others } = names;
  const fields = { ...others, ...custom, firstName, lastName, vip: true, orders: 42 };
  return { id, email, tags, fields };
};
/** The fields that are asked for have separators in them: then the account's properties are read last. */
const example = (name: string, tags: string[], answers: unknown[], given = tags): Example => ({
  name,
  recorded: { documented: [contact, ...answers, definitions] },
  sandbox: stored(given),
  contact: { id, fields: { ...names, ...custom }, tags },
});
const odd = ['#hash', 'a, b', 'a;b', '__proto__', '100%', '👍'];

const url = 'https://usher.example.com/?wpf_action=add&access_key=fake-key&role=a%40b';
const signed = (signedUrl: string) => {
  const [body, time, secret] = ['[{"objectId":512}]', '1772366400000', 'fake-client-secret'];
  const signature = createHmac('sha256', secret).update(`POST${signedUrl}${body}${time}`).digest('base64');
  const headers = { 'x-hubspot-request-timestamp': time, 'x-hubspot-signature-v3': signature };
  const now = new Date(Number(time) + 1000);
  return { webhook: { method: 'POST', url, headers, body: Buffer.from(body), now }, secret };
};

const one = { contacts: [{ contactId: id }] };
const event = { eventId: 1, subscriptionId: 2, portalId: 3, occurredAt: 1738746000000, attemptNumber: 0 };
const change = { ...event, propertyName: 'lifecyclestage', propertyValue: 'customer', changeSource: 'CRM' };
const changed = { ...change, subscriptionType: 'contact.propertyChange' };
const error = (message: string, more = {}) => ({
  ...{ status: 'error', message, correlationId: '00000000-0000-0000-0000-000000000000', ...more },
});
const asked = 'properties=email&properties=hs_merged_object_ids';

export const hubspot: ConnectorEntry = {
  baseUrls: [
    [{}, 'https://api.hubapi.com/'],
    [{ tagsFrom: 'lists' }, 'https://api.hubapi.com/'],
    [{ tagsFrom: 'wp_tags' }, 'https://api.hubapi.com/'],
  ],
  credentials: { apiToken: 'fake-token', webhookSecret: 'fake-client-secret' },
  authorised: { headers: { authorization: 'Bearer fake-token' } },
  examples: [
    example(
      'lists',
      ['customer', 'VIP customer'],
      [memberships('17', '18'), lists('customer', 'VIP customer')],
    ),
    example('one list', ['customer'], [memberships('17'), lists('customer', 'newsletter')]),
    example('no list', [], [memberships(), lists('customer')]),
    example('lists that mean something elsewhere', odd, [
      memberships(...odd.map((_, index) => String(17 + index))),
      lists(...odd),
    ]),
    example(
      'lists of two pages',
      ['customer', 'newsletter'],
      [
        memberships('17', '30'),
        { ...lists('customer'), hasMore: true },
        { ...lists(), lists: [list('30', 'newsletter')] },
      ],
    ),
  ],
  otherAnswers: {
    'another contact': [[record(names, { id: '7' }), memberships(), lists(), definitions], ['7']],
    'the one that it was merged into': [
      [
        record({ ...names, hs_merged_object_ids: '3;999999999' }, { id: '7' }),
        memberships(),
        lists(),
        definitions,
      ],
      ['999999999'],
    ],
    'one that others were merged into': [
      [record({ ...names, hs_merged_object_ids: '3;9' }, { id: '7' }), memberships(), lists(), definitions],
      ['7'],
    ],
    'nothing but an id': [[{ id, properties: {} }, memberships(), lists()], [id]],
  },
  fields: {
    'a text with separators, an empty one, a number': [
      [contact, memberships(), lists(), definitions],
      { company: 'Analytical Engines; Ltd', orders: '42', wp_password: null },
    ],
    'ticked boxes, and a date in milliseconds': [
      [
        record({ ...names, city: 'space flight;poetry, old', phone: '-4863628800000' }),
        ...[memberships(), lists()],
        { results: [definition('city', 'enumeration', 'checkbox'), definition('phone', 'date', 'date')] },
      ],
      { city: ['space flight', 'poetry, old'], phone: '1815-11-18T00:00:00.000Z' },
    ],
  },
  otherSettings: {
    'ticked boxes of a property': [
      { tagsFrom: 'wp_tags' },
      [record({ email: null, wp_tags: 'customer;VIP, gold' })],
      ['customer', 'VIP, gold'],
      [`GET crm/v3/objects/contacts/999999999?${asked}&properties=wp_tags`],
    ],
    'no ticked box': [
      { tagsFrom: 'wp_tags' },
      [record({ email: null, wp_tags: null })],
      [],
      [`GET crm/v3/objects/contacts/999999999?${asked}&properties=wp_tags`],
    ],
    'no such property': [{ tagsFrom: 'wp_tags' }, [record({ email: null })], 'refused', []],
  },
  former: {
    'merged into another': [
      '3',
      [record({ ...names, hs_merged_object_ids: '3;9' }, { id: '7' }), memberships(), lists(), definitions],
      '3',
    ],
    'another one that knows nothing of it': [
      '3',
      [record({ ...names, hs_merged_object_ids: '33;9' }, { id: '7' }), memberships(), lists(), definitions],
      'crm_answer_invalid',
    ],
  },
  refused: {
    nothing: [null],
    'a text': ['OK'],
    'an empty object': [{}],
    'an error with 200': [error('resource not found')],
    'no id': [record(names, { id: undefined })],
    'a number for an id': [record(names, { id: 512 })],
    'no properties': [{ id, ...times }],
    'an address that is a list': [record({ email: ['ada@example.com'] })],
    'no lists': [contact, {}],
    'lists that are null': [contact, { total: 0, results: null }],
    'lists as an object': [contact, { total: 1, results: { listId: '17' } }],
    'a list without an id': [contact, { total: 1, results: [{ listVersion: 3 }] }],
    'a list without a name': [contact, memberships('99'), lists('customer')],
    'names as an object': [contact, memberships('17'), { ...lists(), lists: { '17': 'customer' } }],
    'names without an end': [contact, memberships('17'), { lists: [list('17', 'customer')] }],
    'no properties of the account': [contact, memberships(), lists(), { results: null }],
  },
  errors: {
    'nobody there': { status: 404, body: error('resource not found'), code: 'contact_not_found' },
    'a token that is none': {
      status: 401,
      body: error('Authentication credentials not found.', { category: 'INVALID_AUTHENTICATION' }),
      code: 'crm_credentials_rejected',
    },
    'a scope that is missing': {
      status: 403,
      body: error("This app hasn't been granted all required scopes to make this call.", {
        category: 'MISSING_SCOPES',
      }),
      code: 'crm_credentials_rejected',
    },
    'a limit': {
      status: 429,
      headers: { 'x-hubspot-ratelimit-max': '190', 'x-hubspot-ratelimit-interval-milliseconds': '10000' },
      body: error('You have reached your secondly limit.', {
        errorType: 'RATE_LIMIT',
        policyName: 'SECONDLY',
      }),
      code: 'crm_rate_limited',
    },
    'a limit that says when it ends': {
      status: 429,
      headers: { 'retry-after': '10' },
      body: error('You have reached your daily limit.', { errorType: 'RATE_LIMIT', policyName: 'DAILY' }),
      code: 'crm_rate_limited',
      seconds: 10,
    },
    'a property that is not there': {
      status: 400,
      body: error('Property values were not valid', { category: 'VALIDATION_ERROR' }),
      code: 'crm_write_refused',
      isWrite: true,
    },
  },
  signed: { 'with its URL as it is': signed(url), 'with its URL decoded': signed(url.replace('%40', '@')) },
  versions: { 'the only one': {} },
  webhooks: {
    'a workflow, chosen properties': [{ hs_object_id: 512, email: 'ada@example.com' }, one],
    'a workflow, chosen properties without the id': [
      { email: 'ada@example.com' },
      { contacts: [{ contactEmail: 'ada@example.com' }] },
    ],
    'a workflow, the whole contact': [
      {
        ...{ vid: 512, 'canonical-vid': 512, 'portal-id': 3, 'is-contact': true },
        properties: { email: { value: 'ada@example.com', versions: [] } },
      },
      one,
    ],
    'an action of a workflow': [{ origin: {}, object: { objectId: 512, objectType: 'CONTACT' } }, one],
    'an action of a workflow of deals': [
      { origin: {}, object: { objectId: 512, objectType: 'DEAL' } },
      { contacts: [], ignored: 1 },
    ],
    'a workflow of deals': [
      { objectId: 512, objectTypeId: '0-3', properties: { email: { value: 'ada@example.com' } } },
      { contacts: [], ignored: 1 },
    ],
    'a subscription': [[{ ...changed, objectId: 512 }], { ...one, isBatch: true }],
    'a subscription of several events': [
      [
        { ...changed, objectId: 512 },
        { ...changed, objectId: 513 },
        { ...event, subscriptionType: 'contact.merge', primaryObjectId: 3, newObjectId: 514, objectId: 3 },
        { ...event, subscriptionType: 'object.creation', objectTypeId: '0-1', objectId: 515 },
        { ...event, subscriptionType: 'contact.deletion', objectId: 512 },
      ],
      {
        contacts: ['512', '513', '514', '515'].map((contactId) => ({ contactId })),
        isBatch: true,
      },
    ],
    'a subscription of other objects': [
      [
        { ...event, subscriptionType: 'deal.creation', objectId: 9 },
        { ...event, subscriptionType: 'object.creation', objectTypeId: '0-3', objectId: 9 },
        { ...event, subscriptionType: 'contact.associationChange', fromObjectId: 512, toObjectId: 9 },
      ],
      { contacts: [], isBatch: true, ignored: 3 },
    ],
  },
  ids: [
    [id, id],
    ['9007199254740993', '9007199254740993'],
    ...['0', '007', '-1', '5.1', '1e3', 'batch', 'ada@example.com'].map(
      (given) => [given, undefined] as const,
    ),
  ],
  unknownId: '999999999',
  loads: { [id]: `GET crm/v3/objects/contacts/512?${asked}` },
  finds: {
    'ada+x@example.com': `GET crm/v3/objects/contacts/ada%2Bx%40example.com?idProperty=email&${asked}`,
  },
  writes: [
    ...[['wp_password', 'fake-password'] as const, ['city', '"Zürich" 👍'] as const].map(
      ([field, value]) => ({
        ...{ id, field, value, answers: [contact] },
        requests: [`PATCH crm/v3/objects/contacts/512 ${JSON.stringify({ properties: { [field]: value } })}`],
      }),
    ),
  ],
  lists: {
    everybody: {
      kind: 'all',
      answers: [
        {
          results: [{ id: '501', properties: { email: 'ada@example.com' } }],
          paging: { next: { after: '502', link: 'x' } },
        },
      ],
      requests: ['GET crm/v3/objects/contacts?limit=100&properties=email'],
      page: { contacts: [{ id: '501', email: 'ada@example.com' }], next: '502' },
    },
    'who is in a list': {
      kind: 'tag',
      of: 'Buyers',
      place: 'MTA',
      answers: [
        { lists: [{ listId: '3', name: 'Buyers' }], hasMore: false, offset: 1 },
        { results: [{ recordId: '501', membershipTimestamp: '2026-01-05T09:00:00Z' }] },
        { results: [{ id: '501', properties: { email: null } }] },
      ],
      requests: [
        'POST crm/v3/lists/search {"objectTypeId":"0-1","offset":0,"count":500,"additionalProperties":[]}',
        'GET crm/v3/lists/3/memberships?limit=100&after=MTA',
        'POST crm/v3/objects/contacts/batch/read {"inputs":[{"id":"501"}],"properties":["email"]}',
      ],
      page: { contacts: [{ id: '501', email: undefined }], next: undefined },
    },
    'who is in a segment': {
      kind: 'segment',
      of: '3',
      answers: [{ lists: [{ listId: '3', name: 'Buyers' }], hasMore: false, offset: 1 }, { results: [] }],
      requests: [
        'POST crm/v3/lists/search {"objectTypeId":"0-1","offset":0,"count":500,"additionalProperties":[]}',
        'GET crm/v3/lists/3/memberships?limit=100',
      ],
      page: { contacts: [], next: undefined },
    },
  },
  noLists: {
    nothing: [null],
    'an empty object': [{}],
    'an error with 200': [{ error: 'x' }],
  },
  check: 'GET account-info/v3/details',
  fieldLists: {
    documented: [[definitions], ['email', 'interests'], ['GET crm/v3/properties/contacts?archived=false']],
    'none at all': [[{ results: [] }], [], ['GET crm/v3/properties/contacts?archived=false']],
  },
  noFieldLists: {
    nothing: [null],
    'an empty object': [{}],
    'an error with 200': [error('x')],
    'a list without its key': [[definition('email', 'string', 'text')]],
    'a field without a name': [{ results: [{ label: 'Email' }] }],
  },
  writable: ['wp_password', 'city'],
};
