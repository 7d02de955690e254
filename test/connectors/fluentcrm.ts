import type { ConnectorEntry, Example } from './connector-entry.ts';

const standard = {
  first_name: 'Ada',
  last_name: 'Lovelace',
  phone: '+44 20 7946 0000',
  city: 'London',
  state: 'England',
  country: 'GB',
  date_of_birth: '1815-12-10',
};
const custom = {
  company_name: 'Analytical Engines',
  vip: 'yes',
  orders: 42,
  interests: ['mathematics', 'poetry'],
};
const subscriber = {
  id: 1,
  user_id: null,
  hash: 'a1b2',
  ...standard,
  full_name: 'Ada Lovelace',
  email: 'ada@example.com',
  status: 'subscribed',
  contact_type: 'lead',
  created_at: '2026-01-05 09:00:00',
  updated_at: '2026-02-05 09:00:00',
  lists: [{ id: 1, title: 'Newsletter', slug: 'newsletter' }],
  custom_values: custom,
};
const labels = (titles: readonly string[]) =>
  titles.map((title, index) => ({ id: index + 1, title, slug: `tag-${index + 1}` }));
const answer = (tags: unknown, more = {}) => ({ subscriber: { ...subscriber, tags, ...more } });

const example = (name: string, given: string[], tags = given): Example => ({
  name,
  recorded: { documented: [answer(labels(given))] },
  sandbox: {
    id: 1,
    email: subscriber.email,
    tags: given,
    fields: { ...standard, ...custom },
    createdAt: '2026-01-05T09:00:00.000Z',
  },
  contact: {
    id: '1',
    fields: {
      email: subscriber.email,
      full_name: subscriber.full_name,
      created_at: subscriber.created_at,
      ...standard,
      ...custom,
    },
    tags,
  },
});

const one = { contacts: [{ contactId: '1' }] };
const wordPress = (status: number, code: string, message: string) => ({
  status,
  body: { code, message, data: { status } },
});
const write = (field: string, value: string, written: string) => ({
  id: '1',
  field,
  value,
  answers: [
    { fields: ['wp_password', '__proto__'].map((slug) => ({ slug })) },
    { message: 'Subscriber successfully updated' },
  ],
  requests: ['GET custom-fields/contacts', `PUT subscribers/1 {"subscriber":${written}}`],
});

export const fluentcrm: ConnectorEntry = {
  baseUrls: [
    [{ url: 'https://www.example.com' }, 'https://www.example.com/wp-json/fluent-crm/v2/'],
    [{ url: 'https://example.com/blog/' }, 'https://example.com/blog/wp-json/fluent-crm/v2/'],
  ],
  credentials: { user: 'fake-user', apiToken: 'fake-token' },
  authorised: { headers: { authorization: `Basic ${btoa('fake-user:fake-token')}` } },
  examples: [
    example('tags', ['Customer', 'VIP customer']),
    example('one tag', ['Customer']),
    example('no tags', []),
    example('tags with spaces, and twice', [' Customer ', 'VIP', 'Customer'], ['Customer', 'VIP']),
    example('tags that mean something elsewhere', ['#hash', 'a/b', 'a,b', '__proto__', '100%', '👍']),
  ],
  otherAnswers: {
    'another contact': [[answer([], { id: 2 })], ['2']],
    'an id as a text': [[answer([], { id: '1' })], ['1']],
    'no custom values, as PHP writes them': [[answer([], { custom_values: [] })], ['1']],
  },
  fields: {
    'a custom field of a standard name, which is empty': [
      [answer([], { source: '', custom_values: { source: 'shop', city: 'Bern' } })],
      { source: 'shop', city: 'London' },
    ],
  },
  refused: {
    nothing: [null],
    'a text': ['OK'],
    'an empty object': [{}],
    'an error with 200': [{ message: 'Subscriber not found' }],
    'a contact without its key': [{ ...subscriber, tags: [] }],
    'a list of contacts': [{ subscribers: { data: [{ ...subscriber, tags: [] }] } }],
    'nobody, with 200': [{ subscriber: null }],
    'no id': [answer([], { id: undefined })],
    'a text for an id': [answer([], { id: 'abc' })],
    'no tags': [answer(undefined)],
    'null for tags': [answer(null)],
    'tags as a text': [answer('customer,vip')],
    'tags as an object': [answer({ customer: true })],
    'tags as texts': [answer(['customer'])],
    'tags without titles': [answer([{ id: 1, slug: 'customer' }])],
    'no custom values': [answer([], { custom_values: undefined })],
    'a list of custom values': [answer([], { custom_values: [1] })],
  },
  errors: {
    'nobody there': { status: 422, body: { message: 'Subscriber not found' }, code: 'contact_not_found' },
    'nobody there, as the vendor documents it': {
      status: 404,
      body: { message: 'Subscriber not found' },
      code: 'contact_not_found',
    },
    'nobody there to write to': {
      status: 404,
      body: { message: 'No query results for model.' },
      code: 'contact_not_found',
      isWrite: true,
    },
    'a plug-in that is off': {
      ...wordPress(404, 'rest_no_route', 'No route was found matching the URL and request method.'),
      code: 'crm_answer_invalid',
    },
    'a plug-in that is off, of a write': {
      ...wordPress(404, 'rest_no_route', 'No route was found matching the URL and request method.'),
      code: 'crm_answer_invalid',
      isWrite: true,
    },
    'a password that is none': {
      ...wordPress(401, 'rest_forbidden', 'Sorry, you are not allowed to do that.'),
      code: 'crm_credentials_rejected',
    },
    'a manager without the right': {
      ...wordPress(403, 'rest_forbidden', 'Sorry, you are not allowed to do that.'),
      code: 'crm_credentials_rejected',
    },
    'a value that is none': {
      status: 422,
      body: { email: { email: 'The email must be a valid email address.' } },
      code: 'crm_write_refused',
      isWrite: true,
    },
    'a limit of the host': { status: 429, body: '<html>', code: 'crm_rate_limited' },
  },
  versions: { 'the only one': {} },
  webhooks: {
    'an automation': [{ ...subscriber, tags: labels(['Customer']) }, one],
    'an automation that sends a form': ['id=1&email=ada%40example.com', one],
    'an automation with typed data': [{ contact_id: '1', note: 'x' }, one],
    'an automation without an id': [
      { email: 'ada@example.com' },
      { contacts: [{ contactEmail: 'ada@example.com' }] },
    ],
  },
  ids: [
    ['1', '1'],
    ...['0', '007', '-1', '1.0', 'search-contacts', '..', '12345678901234567', '7 '].map(
      (given) => [given, undefined] as const,
    ),
  ],
  unknownId: '999999',
  loads: { '1': 'GET subscribers/1?with[]=subscriber.custom_values' },
  finds: {
    'ada+x@example.com': 'GET subscribers/0?get_by_email=ada+x@example.com&with[]=subscriber.custom_values',
  },
  writes: [
    write('wp_password', 'fake-password', '{"custom_values":{"wp_password":"fake-password"}}'),
    write('__proto__', '"\n👍', '{"custom_values":{"__proto__":"\\"\\n👍"}}'),
    write('city', 'Zürich', '{"city":"Zürich"}'),
  ],
  lists: {
    everybody: {
      kind: 'all',
      answers: [
        {
          subscribers: {
            current_page: 1,
            last_page: 2,
            data: [{ id: 7, email: 'ada@example.com', tags: [] }],
          },
        },
      ],
      requests: ['GET subscribers?sort_by=id&sort_type=ASC&per_page=100&page=1'],
      page: { contacts: [{ id: '7', email: 'ada@example.com' }], next: '2', before: undefined },
    },
    'who has a tag': {
      kind: 'tag',
      of: 'Customer',
      answers: [
        { tags: { current_page: 1, data: [{ id: '3', title: 'Customer', slug: 'customer' }] } },
        { subscribers: { current_page: 1, last_page: 1, data: [] } },
      ],
      requests: [
        'GET tags?per_page=100&page=1',
        'GET subscribers?tags[]=3&sort_by=id&sort_type=ASC&per_page=100&page=1',
      ],
      page: { contacts: [], next: undefined, before: undefined },
    },
  },
  noLists: {
    nothing: [null],
    'an empty object': [{}],
    'an error with 200': [{ error: 'x' }],
  },
  check: 'GET tags?per_page=1',
  fieldLists: {
    documented: [
      [{ fields: [{ label: 'Company Name', slug: 'company_name', type: 'text', group: 'default' }] }],
      ['company_name', 'email', 'first_name', 'status'],
      ['GET custom-fields/contacts'],
    ],
  },
  noFieldLists: {
    nothing: [null],
    'an empty object': [{}],
    'a refusal with 200': [{ message: 'x' }],
    'fields without slugs': [{ fields: [{ label: 'Company Name' }] }],
  },
  writable: ['wp_password', 'city'],
};
