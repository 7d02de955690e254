import type { ConnectorEntry, Example } from './connector-entry.ts';

const id = '113';
const standard = {
  email: 'ada@example.com',
  firstName: 'Ada',
  lastName: 'Lovelace',
  phone: '+442079460000',
};
const contact = {
  ...standard,
  ...{ cdate: '2026-01-05T03:00:00-06:00', udate: '2026-02-05T03:00:00-06:00', orgid: '0', deleted: '0', id },
};
const dictionary = [
  { id: '1', title: 'Company', type: 'text', perstag: 'COMPANY' },
  { id: '6', title: 'Interests', type: 'checkbox', perstag: 'INTERESTS' },
  { id: '7', title: 'Birthday', type: 'date', perstag: 'BIRTHDAY' },
  { id: '8', title: 'Orders', type: 'text', perstag: 'ORDERS' },
];
const alike = [
  { id: '1', title: 'Company', perstag: 'FIRST' },
  { id: '2', title: 'Firm', perstag: 'Company' },
];
const values = { '1': 'Analytical Engines', '6': '||mathematics||poetry||', '7': '1815-12-10', '8': '42' };
const fieldValues = Object.entries(values).map(([field, value]) => ({
  contact: id,
  field,
  value,
  id: `9${field}`,
}));
const total = (count: number) => ({ meta: { total: String(count) } });
const one = { contactLists: [], fieldValues, contact };
const fields = { fieldOptions: [], fieldRels: [], fields: dictionary, ...total(4) };

const labels = (...names: string[]) =>
  names.map((tag, index) => ({ tagType: 'contact', tag, description: '', id: String(16 + index) }));
const links = (...names: string[]) =>
  labels(...names).map((label) => ({ contact: id, tag: label.id, cdate: contact.cdate, id: `9${label.id}` }));
const tagsBeside = (...names: string[]) => ({ contactTags: links(...names), tags: labels(...names) });
const tagList = (...names: string[]) => ({ tags: labels(...names), ...total(names.length) });

const example = (name: string, ...tags: string[]): Example => ({
  name,
  recorded: {
    'labels beside the links': [one, fields, tagsBeside(...tags)],
    'of the account, too': [one, fields, { contactTags: links(...tags), tags: labels(...tags, 'else') }],
    ...(tags.length > 0 && {
      'labels in the list of the account only': [
        one,
        fields,
        { contactTags: links(...tags) },
        tagList(...tags),
      ],
      'numbers without quotes': [
        JSON.parse(JSON.stringify(one).replaceAll(/"(id|contact|field)":"(\d+)"/g, '"$1":$2')),
        fields,
        JSON.parse(JSON.stringify(tagsBeside(...tags)).replaceAll(/"(id|contact|tag)":"(\d+)"/g, '"$1":$2')),
      ],
    }),
  },
  sandbox: {
    id,
    email: standard.email,
    tags,
    fields: {
      ...{
        firstName: 'Ada',
        lastName: 'Lovelace',
        phone: standard.phone,
        company: values['1'],
        birthday: values['7'],
      },
      ...{ interests: ['mathematics', 'poetry'], orders: 42 },
    },
  },
  contact: {
    id,
    fields: {
      ...standard,
      ...{ COMPANY: values['1'], INTERESTS: ['mathematics', 'poetry'], BIRTHDAY: values['7'], ORDERS: '42' },
    },
    tags,
  },
});

const many = Array.from({ length: 120 }, (_, index) => `tag ${index}`);
const pages = [100, 20].map((size, page) => {
  const all = tagsBeside(...many);
  return {
    contactTags: all.contactTags.slice(page * 100, page * 100 + size),
    tags: all.tags.slice(page * 100, page * 100 + size),
  };
});
const withTags = (answer: unknown) => [one, fields, answer];
const withFields = (rows: object[], list: object[] = dictionary) =>
  [{ ...one, fieldValues: rows }, { ...fields, fields: list, ...total(list.length) }, tagsBeside()] as const;
const row = (field: string, value: unknown) => ({ contact: id, field, value, id: `9${field}` });
const form = (type: string, ...pairs: [name: string, value: string][]) =>
  new URLSearchParams([
    ['type', type],
    ['date_time', contact.cdate],
    ['initiated_from', 'admin'],
    ['list', '0'],
    ...pairs,
  ]).toString();
const ada: [string, string][] = [
  ['contact[id]', id],
  ['contact[email]', standard.email],
  ['contact[first_name]', 'Ada'],
  ['contact[tags]', 'customer, newsletter'],
  ['contact[fields][company]', 'Analytical Engines'],
];
const found = { contacts: [{ contactId: id }] };
const listing = (list: string, offset = 0) => `GET ${list}?limit=100&offset=${offset}`;

export const activecampaign: ConnectorEntry = {
  baseUrls: [
    [{ account: 'acme' }, 'https://acme.api-us1.com/api/3/'],
    [{ account: 'acme.api-us1.com' }, 'https://acme.api-us1.com/api/3/'],
    [{ account: 'acme.activehosted.com' }, 'https://acme.activehosted.com/api/3/'],
  ],
  credentials: { apiToken: 'fake-token' },
  authorised: { headers: { 'api-token': 'fake-token' } },
  examples: [
    example('several tags', 'customer', 'newsletter'),
    example('one tag', 'customer'),
    example('no tags'),
    example('tags that mean something elsewhere', 'VIP, gold', '#hash', 'a/b', '__proto__', '100%', '👍'),
    {
      ...example('more tags than a page holds', ...many),
      recorded: {
        'in pages': [one, fields, ...pages, tagsBeside()],
        'all at once, whatever page is asked for': [one, fields, tagsBeside(...many), tagsBeside(...many)],
      },
    },
  ],
  otherAnswers: {
    'somebody who was deleted': [
      [{ ...one, contact: { ...contact, email: 'deleted+113@example.com', deleted: '1' } }],
      [],
    ],
    'somebody else': [
      [{ ...one, fieldValues: [], contact: { ...contact, id: '114' } }, fields, { contactTags: [] }],
      ['114'],
    ],
  },
  fields: {
    'by tag, title and number': [
      withFields([row('1', 'x')]),
      { COMPANY: 'x', Company: 'x', '1': 'x', email: standard.email },
    ],
    'that hide no standard one': [
      withFields([row('1', 'x')], [{ id: '1', title: 'email', perstag: 'MAIL' }]),
      { email: standard.email, MAIL: 'x' },
    ],
    'of which one is titled as another is tagged': [
      withFields([row('1', 'titled'), row('2', 'tagged')], alike),
      { FIRST: 'titled', Company: 'tagged', '1': 'titled', '2': 'tagged' },
    ],
    'that have no name any more': [withFields([row('99', 'x')]), { '99': 'x' }],
    'one choice of several, a text with bars, nothing': [
      withFields([row('6', '||a||'), row('1', 'a||b'), row('8', null)]),
      { INTERESTS: ['a'], COMPANY: 'a||b', ORDERS: null },
    ],
  },
  former: {
    deleted: [
      '113',
      [{ ...one, contact: { ...contact, email: 'deleted+113@example.com', deleted: '1' } }],
      'contact_not_found',
    ],
  },
  refused: {
    nothing: [null],
    'a text': ['OK'],
    'an error with 200': [{ message: 'x' }],
    'the shape of a search': [{ contacts: [contact], meta: { total: '1' } }],
    'no id': [{ ...one, contact: { ...contact, id: undefined } }],
    'an id of letters': [{ ...one, contact: { ...contact, id: 'abc' } }],
    'no values of fields': [{ ...one, fieldValues: undefined }],
    'fields without a list of them': [one, { meta: { total: '4' } }],
    'fields without titles': [one, { ...fields, fields: [{ id: '1' }] }],
    'no links to tags': withTags({ tags: labels('customer') }),
    'links that are null': withTags({ contactTags: null }),
    'links as an object': withTags({ contactTags: { customer: true }, tags: [] }),
    'links by label': withTags({ contactTags: ['customer'] }),
    "another contact's links": withTags({
      ...tagsBeside('customer'),
      contactTags: [{ ...links('customer')[0], contact: '114' }],
    }),
    'labels as an object': withTags({ ...tagsBeside('customer'), tags: { '16': 'customer' } }),
    'a tag without a label': [one, fields, { contactTags: links('customer') }, tagList()],
    'a list of tags that is none': [
      one,
      fields,
      { contactTags: links('customer') },
      { meta: { total: '0' } },
    ],
    'fewer links than are counted': [
      one,
      fields,
      { ...tagsBeside('customer'), ...total(2) },
      { ...tagsBeside('customer'), ...total(2) },
    ],
    'a second page that is none': [one, fields, pages[0], { message: 'x' }],
  },
  errors: {
    'nobody there': {
      status: 404,
      body: { message: 'No Result found for Subscriber with id 999999' },
      code: 'contact_not_found',
    },
    'a token that is none': {
      status: 403,
      body: { message: 'You do not have permission to access this resource' },
      code: 'crm_credentials_rejected',
    },
    'a limit': {
      status: 429,
      headers: { 'retry-after': '30', 'ratelimit-limit': '5', 'ratelimit-remaining': '0' },
      body: '',
      code: 'crm_rate_limited',
      seconds: 30,
    },
    'a value that is not taken': {
      status: 422,
      body: { errors: [{ title: 'The field value is invalid' }] },
      code: 'crm_write_refused',
      isWrite: true,
    },
  },
  versions: { 'the only one': {} },
  webhooks: {
    'an automation': [form('contact_tag_added', ...ada), found],
    'a change': [form('update', ...ada), found],
    'a deal of a contact': [form('deal_add', ['deal[id]', '7'], ['contact[id]', id]), found],
    'an address only': [
      form('update', ['contact[email]', standard.email]),
      { contacts: [{ contactEmail: standard.email }] },
    ],
    'a list that was made': [form('list_add', ['list[0][id]', '7']), { contacts: [], ignored: 1 }],
    'a campaign that is sent': [form('sent', ['campaign[id]', '7']), { contacts: [], ignored: 1 }],
    'no contact': ['list=0', { contacts: [] }],
  },
  ids: [
    [id, id],
    ['9223372036854775807', '9223372036854775807'],
    ...['0', '007', '-1', '1.0', 'abc', 'ada@example.com'].map((given) => [given, undefined] as const),
  ],
  unknownId: '999999',
  loads: { [id]: 'GET contacts/113' },
  finds: { 'ada+x@example.com': 'GET contacts?email=ada+x@example.com' },
  writes: [
    {
      ...{ id, field: 'Company', value: 'x', answers: [{ ...fields, fields: alike, ...total(2) }, {}] },
      requests: [
        listing('fields'),
        'PUT contacts/113 {"contact":{"fieldValues":[{"field":"2","value":"x"}]}}',
      ],
    },
    ...['COMPANY', 'Company', '1'].map((field) => ({
      ...{ id, field, value: '"\n👍', answers: [fields, {}] },
      requests: [
        listing('fields'),
        'PUT contacts/113 {"contact":{"fieldValues":[{"field":"1","value":"\\"\\n👍"}]}}',
      ],
    })),
    {
      ...{ id, field: 'firstName', value: 'Ada', answers: [{}] },
      requests: ['PUT contacts/113 {"contact":{"firstName":"Ada"}}'],
    },
  ],
  lists: {
    'everybody, by id': {
      kind: 'all',
      place: '99',
      answers: [
        {
          contacts: [
            { id: '113', email: 'ada@example.com' },
            { id: 114, email: null },
          ],
        },
      ],
      requests: ['GET contacts?status=-1&orders[id]=ASC&limit=100&offset=99'],
      page: {
        contacts: [
          { id: '113', email: 'ada@example.com' },
          { id: '114', email: undefined },
        ],
        next: '100',
        before: '0',
      },
    },
    'who has a tag': {
      kind: 'tag',
      of: 'customer',
      answers: [{ tags: [{ id: '16', tag: 'customer' }] }, { tags: [] }, { contacts: [] }],
      requests: [
        'GET tags?limit=100&offset=0',
        'GET tags?limit=100&offset=100',
        'GET contacts?tagid=16&status=-1&orders[id]=ASC&limit=100&offset=0',
      ],
      page: { contacts: [], next: undefined, before: undefined },
    },
  },
  noLists: {
    nothing: [null],
    'an empty object': [{}],
    'an error with 200': [{ error: 'x' }],
  },
  check: 'GET users/me',
  fieldLists: {
    'one page': [[fields], ['email', 'firstName', 'phone', 'Company', 'COMPANY', '1'], [listing('fields')]],
    'two pages': [
      [
        { ...fields, ...total(5) },
        { ...fields, fields: [{ id: '9', title: 'Rank' }], ...total(5) },
      ],
      ['Rank', 'Company'],
      [listing('fields'), listing('fields', 4)],
    ],
  },
  noFieldLists: { nothing: [null], 'an empty object': [{}], 'a refusal with 200': [{ message: 'x' }] },
  writable: ['WP_PASSWORD', 'firstName'],
};
