import type { PersonDraft } from '../../lib/sandbox/person.ts';
import type { ConnectorEntry } from './connector-entry.ts';

const id = 'b7c4c9b1-5b07-4d12-9f4e-2f0f4b1d9a01';
const second = 'b7c4c9b1-5b07-4d12-9f4e-2f0f4b1d9a02';

/** Custom fields stand among the standard ones; times have milliseconds and `Z`. */
const person = {
  id,
  email: 'ada@example.com',
  userId: 'customer-1815',
  name: 'Ada Lovelace',
  firstName: 'Ada',
  lastName: 'Lovelace',
  leadScore: 7,
  CommunicationCategories: { '1': true },
  phone: '+44 20 7946 0000',
  company: 'Analytical Engines',
  country: 'United Kingdom',
  city: 'London',
  vip: true,
  interests: ['mathematics', 'poetry'],
  nickname: null,
  createdAt: '2026-01-05T09:00:00.000Z',
  updatedAt: '2026-02-05T09:00:00.000Z',
};
const { id: _id, ...fields } = person;
const listed = { id, email: 'ada@example.com' };
const contact = (tags: string[]) => ({ id, fields, tags });
const { email, createdAt, updatedAt, ...rest } = fields;
const stored = (...tags: string[]): PersonDraft => ({ id, email, createdAt, updatedAt, tags, fields: rest });

export const encharge: ConnectorEntry = {
  baseUrls: [[{}, 'https://api.encharge.io/v1/']],
  credentials: { apiToken: 'fake-token' },
  authorised: { headers: { 'x-encharge-token': 'fake-token' } },
  examples: [
    {
      name: 'tags as one text',
      recorded: { documented: [{ users: [{ ...person, tags: 'customer,VIP customer' }] }] },
      sandbox: stored('customer', 'VIP customer'),
      contact: contact(['customer', 'VIP customer']),
    },
    {
      name: 'one tag',
      recorded: { documented: [{ users: [{ ...person, tags: 'customer' }] }] },
      sandbox: stored('customer'),
      contact: contact(['customer']),
    },
    {
      name: 'tags with spaces, empty and repeated ones',
      recorded: { recorded: [{ users: [{ ...person, tags: ' customer, VIP ,,customer, ' }] }] },
      sandbox: stored(' customer', ' VIP ', '', 'customer', ' '),
      contact: contact(['customer', 'VIP']),
    },
    {
      name: 'no tags',
      recorded: {
        absent: [{ users: [person] }],
        null: [{ users: [{ ...person, tags: null }] }],
        'an empty text': [{ users: [{ ...person, tags: '' }] }],
        'an empty list': [{ users: [{ ...person, tags: [] }] }],
      },
      sandbox: stored(),
      contact: contact([]),
    },
    {
      name: 'null among tags',
      recorded: { 'a list': [{ users: [{ ...person, tags: [null, 'customer', null] }] }] },
      sandbox: stored('customer'),
      contact: contact(['customer']),
    },
    {
      name: 'tags that mean something elsewhere',
      recorded: {
        'as a text': [{ users: [{ ...person, tags: '#hash,a/b,__proto__,100%,👍' }] }],
        'as a list': [{ users: [{ ...person, tags: ['#hash', 'a/b', '__proto__', '100%', '👍'] }] }],
      },
      sandbox: stored('#hash', 'a/b', '__proto__', '100%', '👍'),
      contact: contact(['#hash', 'a/b', '__proto__', '100%', '👍']),
    },
  ],
  otherAnswers: {
    'nobody, with 200': [[{ users: [] }], []],
    'several people': [[{ users: [person, { ...person, id: second }] }], [id, second]],
    'an id in capitals': [[{ users: [{ ...person, id: id.toUpperCase() }] }], [id]],
    'a field called __proto__': [[JSON.parse(`{"users":[{"id":"${id}","__proto__":{"tags":"x"}}]}`)], [id]],
  },
  fields: { 'as they are': [[{ users: [{ ...person, score: 7, list: [1] }] }], { score: 7, list: [1] }] },
  refused: {
    nothing: [null],
    'a text': ['OK'],
    'an empty object': [{}],
    'an error with 200': [{ error: { message: 'x', markdown: 'x', traceId: 'x' } }],
    'a list without its key': [[person]],
    'the key of another call': [{ people: [person] }],
    'the shape of a write': [{ user: person }],
    'no list': [{ users: person }],
    'nobody in a list': [{ users: [null] }],
    'no id': [{ users: [{ email: 'ada@example.com', tags: 'a' }] }],
    'an empty id': [{ users: [{ ...person, id: '' }] }],
    'a number for an id': [{ users: [{ ...person, id: 7 }] }],
    'tags as an object': [{ users: [{ ...person, tags: { customer: true } }] }],
    'tags as objects': [{ users: [{ ...person, tags: [{ tag: 'customer' }] }] }],
    'tags as a number': [{ users: [{ ...person, tags: 2 }] }],
    'tags as a boolean': [{ users: [{ ...person, tags: false }] }],
    'tags of one of two': [{ users: [person, { ...person, id: second, tags: {} }] }],
  },
  errors: {
    'nobody there': { status: 404, body: { error: { message: 'Not found' } }, code: 'contact_not_found' },
    'a token that is none': {
      status: 401,
      body: { error: { message: 'Token without payload (should be JWT token).', errorCode: 10082 } },
      code: 'crm_credentials_rejected',
    },
    'a limit': {
      status: 429,
      headers: { 'retry-after': '7' },
      body: { error: { message: 'Too many requests' } },
      code: 'crm_rate_limited',
      seconds: 7,
    },
  },
  noTags: ['tags_absent', 'tags_null'],
  tagsCannotHave: [','],
  versions: { 'the only one': {} },
  webhooks: {
    'a step of a flow': [{ id }, { contacts: [{ contactId: id }] }],
    'a step with more typed into it': [
      { id, email: 'ada@example.com', name: 'Ada' },
      { contacts: [{ contactId: id }] },
    ],
    'a placeholder that was empty': [{ id: '' }, { contacts: [] }],
    'a step that sends a form': [`id=${id}&email=ada%40example.com`, { contacts: [{ contactId: id }] }],
    'an event': [
      { eventType: 'updatedUser', eventPayload: { source: 'api' }, endUserData: [person] },
      { contacts: [{ contactId: id }], isBatch: true },
    ],
    'an event of several people': [
      {
        eventType: 'added-tag-vip',
        eventPayload: { tag: 'vip' },
        endUserData: [{ id }, { id: second }, { id }],
      },
      { contacts: [{ contactId: id }, { contactId: second }], isBatch: true },
    ],
    'an event of nobody': [
      { eventType: 'newObject-company', eventPayload: {}, endUserData: [{ email: 'ada@example.com' }] },
      { contacts: [], isBatch: true, withoutId: 1 },
    ],
  },
  ids: [
    [id, id],
    [id.toUpperCase(), id],
    ['Not-A-UUID', 'Not-A-UUID'],
  ],
  unknownId: '00000000-0000-4000-8000-000000000000',
  loads: {
    [id]: `GET people?people[0][id]=${id}`,
    '#/?&= é👍': 'GET people?people[0][id]=#/?&= é👍',
  },
  finds: { 'ada+x@example.com': 'GET people?people[0][email]=ada+x@example.com' },
  writes: [
    {
      id,
      field: 'wpPassword',
      value: 'fake-password',
      answers: [{ users: [person] }, {}],
      requests: [
        `GET people?people[0][id]=${id}`,
        `POST people [{"id":"${id}","wpPassword":"fake-password"}]`,
      ],
    },
    {
      id,
      field: 'Mein Feld',
      value: '"x"',
      answers: [{ users: [person] }, {}],
      requests: [`GET people?people[0][id]=${id}`, `POST people [{"id":"${id}","Mein Feld":"\\"x\\""}]`],
    },
    {
      id,
      field: '__proto__',
      value: 'é',
      answers: [{ users: [person] }, {}],
      requests: [`GET people?people[0][id]=${id}`, `POST people [{"id":"${id}","__proto__":"é"}]`],
    },
  ],
  lists: {
    'everybody, from the start': {
      kind: 'all',
      answers: [{ people: [person, { id: second, email: null }] }],
      requests: ['GET people/all?limit=100&offset=0&sort=createdAt&order=asc&ignoreAnonymous=true'],
      page: { contacts: [listed, { id: second, email: undefined }], next: '1', before: undefined },
    },
    'a page that begins with the last one of the page before': {
      kind: 'all',
      place: '99',
      answers: [{ people: [person] }],
      requests: ['GET people/all?limit=100&offset=99&sort=createdAt&order=asc&ignoreAnonymous=true'],
      page: { contacts: [listed], next: undefined, before: '0' },
    },
    'who has a tag, among all': {
      kind: 'tag',
      of: ' VIP customer',
      answers: [
        { tags: [{ tag: 'VIP customer' }, { tag: 'customer' }] },
        {
          people: [
            { ...person, tags: 'customer,VIP customer' },
            { id: second, tags: 'customer' },
          ],
        },
      ],
      requests: [
        'GET tags-management',
        'GET people/all?limit=100&offset=0&sort=createdAt&order=asc&ignoreAnonymous=true',
      ],
      page: {
        contacts: [listed, { id: second, email: undefined, isOther: true }],
        next: '1',
        before: undefined,
      },
    },
    'a tag that is not there': {
      kind: 'tag',
      of: 'vip',
      answers: [{ tags: [{ tag: 'customer' }] }],
      requests: ['GET tags-management'],
      page: { names: ['customer'] },
    },
    'a segment': {
      kind: 'segment',
      of: '7',
      place: '99',
      answers: [{ segments: [{ id: 7, name: 'Buyers' }] }, { people: [] }],
      requests: [
        'GET segments',
        'GET segments/7/people?limit=100&offset=99&sort=createdAt&order=asc&ignoreAnonymous=true',
      ],
      page: { contacts: [], next: undefined, before: '0' },
    },
    'a segment that is not there': {
      kind: 'segment',
      of: 'Buyers',
      answers: [{ segments: [{ id: 7, name: 'Buyers' }] }],
      requests: ['GET segments'],
      page: { names: ['7 (Buyers)'] },
    },
  },
  noLists: {
    nothing: [null],
    'an empty object': [{}],
    'the key of another call': [{ users: [person] }],
    'an error with 200': [{ error: { message: 'x', markdown: 'x', traceId: 'x' } }],
    'somebody without an id': [{ people: [{ email: 'ada@example.com' }] }],
  },
  check: 'GET people/all?limit=1',
  fieldLists: {
    documented: [
      [
        {
          items: [
            { name: 'email', title: 'Email', type: 'string', format: null, readOnly: false, array: false },
            { name: 'wpPassword', title: 'WP password', type: 'string', createdBy: 'user' },
          ],
        },
      ],
      ['email', 'wpPassword'],
      ['GET fields'],
    ],
    'none at all': [[{ items: [] }], [], ['GET fields']],
  },
  noFieldLists: {
    nothing: [null],
    'an empty object': [{}],
    'an error with 200': [{ error: { message: 'x', markdown: 'x', traceId: 'x' } }],
    'a list without its key': [[{ name: 'email' }]],
    'a field without a name': [{ items: [{ title: 'Email' }] }],
  },
  writable: ['wpPassword', 'city', 'Mein neues Feld'],
};
