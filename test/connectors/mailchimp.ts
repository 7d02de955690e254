import type { ConnectorEntry, Example } from './connector-entry.ts';

const id = '0f2b4c6d8e9a0b1c2d3e4f5061728394';
const merged = { FNAME: 'Ada', LNAME: 'Lovelace', PHONE: '+44 20 7946 0000', COMPANY: 'Analytical Engines' };
const others = { BIRTHDAY: '1815-12-10', SCORE: 98.6, ORDERS: 42, BIO: '' };
const ADDRESS = { addr1: '', addr2: '', city: 'London', state: '', zip: '', country: 'GB' };
const email = 'ada@example.com';
const member = {
  id: 'b642b4217b34b1e8d3bd915fc65c4452',
  email_address: email,
  contact_id: id,
  full_name: 'Ada Lovelace',
  status: 'subscribed',
  merge_fields: { ...merged, ...others, ADDRESS },
  vip: false,
  language: 'en',
  tags_count: 0,
  tags: [] as object[],
  list_id: 'a1b2c3d4e5',
};
const named = (...names: string[]) => names.map((name, index) => ({ id: 17 + index, name }));
const withTags = (...names: string[]) => ({ ...member, tags_count: names.length, tags: named(...names) });
const tagPage = (total: number, ...names: string[]) => ({
  tags: named(...names).map((tag) => ({ ...tag, date_added: '2026-01-05T09:00:00+00:00' })),
  total_items: total,
});

const example = (name: string, recorded: Example['recorded'], ...tags: string[]): Example => ({
  name,
  recorded,
  sandbox: {
    ...{ id, email, tags },
    fields: { ...merged, ...others, city: 'London', country: 'GB' },
  },
  contact: {
    id,
    fields: {
      ...{ email_address: email, full_name: 'Ada Lovelace', status: 'subscribed', ...merged, ...others },
      ...{ ADDRESS, 'ADDRESS.city': 'London', 'ADDRESS.country': 'GB' },
    },
    tags,
  },
});
const odd = ['VIP, gold', '#hash', 'a/b', '__proto__', '100%', '👍'];
const many = Array.from({ length: 60 }, (_, index) => `tag ${index}`);

const form = (type: string, data: Record<string, string>) => {
  const pairs = Object.entries(data).map(([name, value]): [string, string] => [`data[${name}]`, value]);
  return new URLSearchParams([['type', type], ['fired_at', '2026-02-05 09:00:00'], ...pairs]).toString();
};
const inList = { list_id: 'a1b2c3d4e5', email_type: 'html' };
const byAddress = (contactEmail = email) => ({ contacts: [{ contactEmail }] });
const problem = (status: number, title: string, detail: string) => ({
  status,
  headers: { 'content-type': 'application/problem+json; charset=utf-8' },
  body: { title, status, detail },
});
const signed = (time: string, digests: string) => ({
  secret: 'fake-signing-secret',
  webhook: {
    ...{ method: 'POST', url: 'https://usher.example.com/?wpf_action=update' },
    headers: { 'x-mailchimp-signature': `t=${time},${digests}` },
    body: Buffer.from(form('profile', { ...inList, id: '8a25ff1d98', email })),
    now: new Date(1_772_366_400_000),
  },
});
const written = { ...member, merge_fields: { ...member.merge_fields, WPPASS: 'x', MMERGE5: 'x' } };
const patch = `PATCH members/${id}?skip_merge_validation=true`;
const field = (tag: string, type = 'text') => ({ merge_id: 1, tag, name: 'First Name', type });

export const mailchimp: ConnectorEntry = {
  baseUrls: [
    [{ audience: 'a1b2c3d4e5', dataCenter: 'us21' }, 'https://us21.api.mailchimp.com/3.0/lists/a1b2c3d4e5/'],
  ],
  credentials: { apiToken: 'fake-token-us21', webhookSecret: 'fake-signing-secret' },
  authorised: { headers: { authorization: 'Basic dXNoZXI6ZmFrZS10b2tlbi11czIx' } },
  examples: [
    example('several tags', { recorded: [withTags('customer', 'newsletter')] }, 'customer', 'newsletter'),
    example(
      'one tag',
      {
        recorded: [withTags('customer')],
        'that does not come along': [{ ...member, tags_count: 1 }, tagPage(1, 'customer')],
      },
      'customer',
    ),
    example('no tags', { recorded: [member], 'none any more': [{ ...member, tags_count: 1 }, tagPage(0)] }),
    example('tags that mean something elsewhere', { recorded: [withTags(...odd)] }, ...odd),
    example(
      'more tags than come along',
      {
        'in one page': [{ ...withTags('tag 0'), tags_count: 60 }, tagPage(60, ...many)],
        'in two pages': [
          { ...withTags('tag 0'), tags_count: 60 },
          tagPage(60, ...many.slice(0, 40)),
          tagPage(60, ...many.slice(40)),
        ],
      },
      ...many,
    ),
  ],
  otherAnswers: {
    'somebody else': [[{ ...member, contact_id: '1'.repeat(32) }], ['1'.repeat(32)]],
    'somebody who was archived': [[{ ...member, status: 'archived' }], [id]],
    'somebody without an address': [[{ ...member, email_address: undefined }], [id]],
  },
  fields: {
    'an address that is not filled': [[{ ...member, merge_fields: { ADDRESS: '' } }], { ADDRESS: '' }],
    'a field that is called like a part': [
      [{ ...member, merge_fields: { MAIL: { city: 'a' }, VIP: '1' } }],
      { 'MAIL.city': 'a', VIP: '1', vip: false },
    ],
  },
  former: { archived: [id, [{ ...member, status: 'archived' }], id] },
  refused: {
    nothing: [null],
    'a text': ['OK'],
    'an error with 200': [{ title: 'Resource Not Found', status: 404 }],
    'a list of members': [{ members: [member], total_items: 1 }],
    'no id': [{ ...member, contact_id: undefined }],
    'an empty id': [{ ...member, contact_id: '' }],
    'no merge fields': [{ ...member, merge_fields: undefined }],
    'no tags': [{ ...member, tags: undefined }],
    'tags that are null': [{ ...member, tags: null }],
    'tags as a text': [{ ...member, tags: 'customer' }],
    'tags as an object': [{ ...member, tags: { customer: true } }],
    'tags by name only': [{ ...member, tags: ['customer'] }],
    'tags without names': [{ ...member, tags: [{ id: 17 }] }],
    'tags that are not counted': [{ ...member, tags_count: undefined }],
    'a part of the tags, then an error': [
      { ...member, tags_count: 2 },
      { title: 'x', status: 500 },
    ],
    'a part of the tags, then none of some': [
      { ...member, tags_count: 2 },
      { tags: [], total_items: 2 },
    ],
    'a second page that is empty': [{ ...member, tags_count: 2 }, tagPage(2, 'customer'), tagPage(2)],
  },
  errors: {
    'nobody there': {
      ...problem(404, 'Resource Not Found', 'The requested resource could not be found.'),
      code: 'contact_not_found',
    },
    'a key that is none': {
      ...problem(401, 'API Key Invalid', 'Your API key may be invalid.'),
      code: 'crm_credentials_rejected',
    },
    'a user who may not': {
      ...problem(403, 'Forbidden', 'You are not permitted to access this resource.'),
      code: 'crm_credentials_rejected',
    },
    'too many calls at once': {
      ...problem(429, 'Too Many Requests', 'You have exceeded the limit of 10 simultaneous connections.'),
      code: 'crm_rate_limited',
    },
    'a throttled call': { status: 403, body: '', code: 'crm_rate_limited' },
    'a value that is not taken': {
      ...problem(400, 'Invalid Resource', 'Your merge fields were invalid.'),
      code: 'crm_write_refused',
      isWrite: true,
    },
  },
  signed: {
    'with one digest': signed(
      '1772366400',
      'v1=4725e07e5c937b4f28ae54ee3676ccc90b0d868aae202926e66b87cc35ef47c3',
    ),
    'while the secret is exchanged': signed(
      '1772366400',
      `v1=${'0'.repeat(64)},v1=4725e07e5c937b4f28ae54ee3676ccc90b0d868aae202926e66b87cc35ef47c3`,
    ),
  },
  versions: { 'the only one': {} },
  webhooks: {
    'a changed profile': [
      form('profile', { ...inList, id: '8a25ff1d98', email, 'merges][FNAME': 'Ada' }),
      byAddress(),
    ],
    'a new subscriber': [form('subscribe', { ...inList, id: '8a25ff1d98', email }), byAddress()],
    'a changed address': [
      form('upemail', {
        ...{ ...inList, new_id: '51da8c3259', new_email: 'ada.new@example.com', old_email: email },
      }),
      byAddress('ada.new@example.com'),
    ],
    'an address that failed': [form('cleaned', { ...inList, reason: 'hard', email }), byAddress()],
    'a campaign that is sent': [
      form('campaign', { id: '5aa2102003', status: 'sent' }),
      { contacts: [], ignored: 1 },
    ],
    'a step of a journey': [{ contact_id: email }, byAddress()],
    'a step of a journey, as it may be one day': [{ contact_id: id }, { contacts: [] }],
    'a typed address': [{ email }, byAddress()],
  },
  ids: [
    [id, id],
    [id.toUpperCase(), id],
    ...['8a25ff1d98', `${id}0`, 'search', email].map((given) => [given, undefined] as const),
  ],
  unknownId: 'f'.repeat(32),
  loads: { [id]: `GET members/${id}?exclude_fields=_links` },
  finds: { 'ada+x@example.com': 'GET members/ada%2Bx%40example.com?exclude_fields=_links' },
  writes: [
    ...['WPPASS', 'MMERGE5'].map((name) => ({
      ...{ id, field: name, value: '"\n👍', answers: [written] },
      requests: [`${patch} {"merge_fields":{"${name}":"\\"\\n👍"}}`],
    })),
    {
      ...{ id, field: 'email_address', value: 'x@example.com', answers: [written] },
      requests: [`${patch} {"email_address":"x@example.com"}`],
    },
  ],
  lists: {
    everybody: {
      kind: 'all',
      answers: [
        { members: [{ contact_id: 'ab'.repeat(16), email_address: 'ada@example.com' }], total_items: 1 },
      ],
      requests: [
        'GET members?sort_field=timestamp_signup&sort_dir=ASC&fields=members.contact_id,members.email_address&count=1000&offset=0',
      ],
      page: {
        contacts: [{ id: 'ab'.repeat(16), email: 'ada@example.com' }],
        next: undefined,
        before: undefined,
      },
    },
    'who has a tag, where the answer has the ids': {
      kind: 'tag',
      of: 'customer',
      answers: [
        { segments: [{ id: 3, name: 'customer' }], total_items: 1 },
        { members: [{ id: 'cd'.repeat(16), contact_id: 'ab'.repeat(16), email_address: 'ada@example.com' }] },
      ],
      requests: [
        'GET segments?type=static&count=1000&offset=0&fields=segments.id,segments.name,total_items',
        'GET segments/3/members?include_unsubscribed=true&include_cleaned=true&include_transactional=true&fields=members.id,members.contact_id,members.email_address&count=100&offset=0',
      ],
      page: {
        contacts: [{ id: 'ab'.repeat(16), email: 'ada@example.com' }],
        next: undefined,
        before: undefined,
      },
    },
    'who is in a segment, on the second page of segments, by the hash of an address': {
      kind: 'segment',
      of: '4',
      answers: [
        { segments: [{ id: 3, name: 'Buyers' }], total_items: 2 },
        { segments: [{ id: 4, name: 'Readers' }], total_items: 2 },
        { members: [{ id: 'cd'.repeat(16), email_address: 'ada@example.com' }] },
        { contact_id: 'ab'.repeat(16), email_address: 'ada@example.com' },
      ],
      requests: [
        'GET segments?count=1000&offset=0&fields=segments.id,segments.name,total_items',
        'GET segments?count=1000&offset=1&fields=segments.id,segments.name,total_items',
        'GET segments/4/members?include_unsubscribed=true&include_cleaned=true&include_transactional=true&fields=members.id,members.contact_id,members.email_address&count=100&offset=0',
        `GET members/${'cd'.repeat(16)}?fields=contact_id,email_address`,
      ],
      page: {
        contacts: [{ id: 'ab'.repeat(16), email: 'ada@example.com' }],
        next: undefined,
        before: undefined,
      },
    },
  },
  noLists: {
    nothing: [null],
    'an empty object': [{}],
    'an error with 200': [{ error: 'x' }],
  },
  check: 'GET merge-fields?count=1',
  fieldLists: {
    documented: [
      [
        {
          merge_fields: [field('FNAME'), field('ADDRESS', 'address')],
          list_id: 'a1b2c3d4e5',
          total_items: 2,
        },
      ],
      ['email_address', 'FNAME', 'ADDRESS', 'ADDRESS.city'],
      ['GET merge-fields?count=1000'],
    ],
  },
  noFieldLists: {
    nothing: [null],
    'an empty object': [{}],
    'an error with 200': [{ title: 'x', status: 500 }],
    'a field without a tag': [{ merge_fields: [{ name: 'First Name' }] }],
  },
  writable: ['WPPASS', 'FNAME'],
};
