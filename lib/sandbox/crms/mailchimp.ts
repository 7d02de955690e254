import { createHash, createHmac } from 'node:crypto';
import type { AccountField, Contact } from '../account.ts';
import { Reply } from '../api-answer.ts';
import { basicAuth } from '../basic-auth.ts';
import type { Call, CrmDescription } from '../crm-description.ts';
import type { Json } from '../json.ts';
import { customFields } from '../people.ts';
import { objectAt } from '../request-body.ts';
import { formBody, jsonBody } from '../webhook-body.ts';

/** Merge tags have at most ten characters; the address is one with parts. */
const names = {
  ...Object.fromEntries(customFields.map(({ name }) => [name, name.toUpperCase().slice(0, 10)])),
  ...{ firstName: 'FNAME', lastName: 'LNAME', phone: 'PHONE', wp_password: 'WPPASS', userId: 'USERID' },
};
const standard = ['FNAME', 'LNAME', 'PHONE', 'city', 'country'];
const types: Partial<Record<AccountField['type'], string>> = {
  number: 'number',
  integer: 'number',
  date: 'date',
};
/** How many tags come with a member is a guess. */
const mostTags = 50;

const md5 = (email: string | null) =>
  createHash('md5')
    .update((email ?? '').toLowerCase())
    .digest('hex');

/** There are texts and numbers; what is not filled is an empty text. */
const mergeValue = (value: Json) =>
  typeof value === 'number' ? value : Array.isArray(value) ? value.join(', ') : String(value ?? '');

function mergeFields({ standard: { city, country, ...given }, custom }: Contact, call: Call): object {
  const own = call.account.customFields().map(({ name }) => [name, mergeValue(custom[name] ?? '')]);
  const others = ['FNAME', 'LNAME', 'PHONE'].map((name) => [name, mergeValue(given[name] ?? '')]);
  const address = { addr1: '', addr2: '', city: city ?? '', state: '', zip: '', country: country ?? '' };
  return { ...Object.fromEntries([...others, ...own]), ADDRESS: city || country ? address : '' };
}

function view(contact: Contact, call: Call) {
  const merge_fields = mergeFields(contact, call);
  const { FNAME, LNAME } = contact.standard;
  return {
    id: md5(contact.email),
    email_address: contact.email,
    unique_email_id: md5(contact.email).slice(0, 10),
    contact_id: contact.id,
    full_name: [FNAME, LNAME].filter(Boolean).join(' '),
    ...{ status: 'subscribed', merge_fields, vip: false, language: 'en', source: 'API - Generic' },
    last_changed: contact.person.updatedAt,
    tags_count: contact.tags.length,
    tags: contact.tags.slice(0, mostTags),
    list_id: 'a1b2c3d4e5',
  };
}

/** By `contact_id`, address, or the hash of one. */
function find({ account, values: { member = '' } }: Call): Contact | undefined {
  const byHash = () => account.all().find(({ email }) => md5(email) === member);
  return account.find(member) ?? account.byEmail(member)[0] ?? byHash();
}

function write(call: Call): object | undefined {
  const contact = find(call);
  if (!contact) return undefined;
  const { merge_fields = {}, email_address } = objectAt(call.body);
  const address = email_address === undefined ? {} : { email: email_address };
  return view(call.account.write(contact, { ...address, ...objectAt(merge_fields) }), call);
}

function tagPage(call: Call): object | undefined {
  const contact = find(call);
  const [count, offset] = [Number(call.query.get('count') ?? 10), Number(call.query.get('offset') ?? 0)];
  const tags = contact?.tags.slice(offset, offset + count);
  const date_added = contact?.person.createdAt;
  return tags && { tags: tags.map((tag) => ({ ...tag, date_added })), total_items: contact?.tags.length };
}

/** 10 unless told. */
function memberPage<Member extends object>(call: Call, all: readonly Member[]): object {
  const [count, offset] = [Number(call.query.get('count') ?? 10), Number(call.query.get('offset') ?? 0)];
  return { members: all.slice(offset, offset + count), total_items: all.length };
}

/** As documented: what a segment has is known by the hash of its address. */
function segmentMember(contact: Contact, call: Call): object {
  const { contact_id: _id, tags: _tags, tags_count: _count, ...others } = view(contact, call);
  return others;
}

const mergeField = (tag: string, type: string, name: string, index: number) => {
  return { merge_id: index + 1, tag, name, type, required: false };
};

/** A problem: https://mailchimp.com/developer/marketing/docs/errors/ */
const problem = (status: number, title: string, detail: string) => {
  const type = 'https://mailchimp.com/developer/marketing/docs/errors/';
  return { type, title, status, detail, instance: '00000000-0000-0000-0000-000000000000' };
};
const contentType = 'application/problem+json; charset=utf-8';
const refusal = (status: number, title: string, detail: string) =>
  new Reply(status, problem(status, title, detail), { 'content-type': contentType });

const firedAt = (at: Date) => at.toISOString().slice(0, 19).replace('T', ' ');

/** One audience: https://mailchimp.com/developer/marketing/api/list-members/ */
export const mailchimp: CrmDescription = {
  basePath: '/3.0/lists/a1b2c3d4e5/',
  settings: { audience: 'a1b2c3d4e5', dataCenter: 'us21' },
  idOf: (number) => number.toString(16).padStart(32, '0'),
  fields: { names, standard, unknown: 'ignored' },
  credentials: ({ apiToken }) => ({ headers: { authorization: basicAuth('usher', apiToken) } }),
  routes: {
    'GET members': (call) =>
      memberPage(
        call,
        call.account.all().map((contact) => view(contact, call)),
      ),
    'GET segments': ({ account }) => ({
      segments: account.tags().map(({ id, name }) => ({ id, name, type: 'static' })),
      total_items: account.tags().length,
    }),
    'GET segments/{segment}/members': (call) => {
      const isMeant = ({ tags }: Contact) => tags.some(({ id }) => String(id) === call.values['segment']);
      const members = call.account.all().filter(isMeant);
      return memberPage(
        call,
        members.map((contact) => segmentMember(contact, call)),
      );
    },
    'GET members/{member}': (call) => {
      const contact = find(call);
      return contact && view(contact, call);
    },
    'PATCH members/{member}': write,
    'GET members/{member}/tags': tagPage,
    'GET merge-fields': ({ account, query }) => {
      const own = account
        .customFields()
        .map(({ name, title, type }) => [name, types[type] ?? 'text', title] as const);
      const address = [['ADDRESS', 'address', 'Address']] as const;
      const others = ['FNAME', 'LNAME', 'PHONE'].map((name) => [name, 'text', name] as const);
      const all = [...others, ...address, ...own].map((field, index) => mergeField(...field, index));
      return { merge_fields: all.slice(0, Number(query.get('count') ?? 10)), total_items: all.length };
    },
  },
  errors: {
    body: (status, detail) => problem(status, 'Error', detail),
    contentType,
    notFound: refusal(404, 'Resource Not Found', 'The requested resource could not be found.'),
    badToken: refusal(401, 'API Key Invalid', 'Your API key may be invalid.'),
    badWrite: (detail) => refusal(400, 'Invalid Resource', detail),
    rateLimited: () =>
      refusal(429, 'Too Many Requests', 'You have exceeded the limit of 10 simultaneous connections.'),
  },
  tagsAt: ['tags'],
  webhooks: {
    // Of an audience: `id` is neither the contact's nor the hash of its address.
    profile: ([{ id, email }], at) =>
      formBody({
        ...{ type: 'profile', fired_at: firedAt(at) },
        data: {
          id: id.slice(-10),
          list_id: 'a1b2c3d4e5',
          email,
          email_type: 'html',
          merges: { EMAIL: email },
        },
      }),
    'address change': ([{ email }], at) =>
      formBody({
        ...{ type: 'upemail', fired_at: firedAt(at) },
        data: { list_id: 'a1b2c3d4e5', new_id: '51da8c3259', new_email: email, old_email: 'old@example.com' },
      }),
    journey: ([{ email }]) => jsonBody({ contact_id: email }),
  },
  signature: (body, secret, at) => {
    const time = Math.floor(at.getTime() / 1000);
    const digest = createHmac('sha256', secret).update(`${time}.${body}`).digest('hex');
    return { 'x-mailchimp-signature': `t=${time},v1=${digest}` };
  },
};
