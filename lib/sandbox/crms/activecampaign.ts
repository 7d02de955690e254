import type { Account, Contact, Tag } from '../account.ts';
import { Reply } from '../api-answer.ts';
import type { Call, CrmDescription } from '../crm-description.ts';
import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import { customFields } from '../people.ts';
import { InvalidPerson } from '../person.ts';
import { objectAt } from '../request-body.ts';
import { formBody, type WebhookBody } from '../webhook-body.ts';

/** Without custom fields and tags: so a search answers, too. */
const brief = ({ id, email, standard, person }: Contact) => ({
  ...{
    cdate: person.createdAt,
    email,
    phone: '',
    firstName: '',
    lastName: '',
    orgid: '0',
    bounced_hard: '0',
  },
  ...standard,
  ...{ deleted: '0', udate: person.updatedAt, id },
});

/** Every value is a text; that of several choices has them between `||`. */
const valueText = (value: Json) => (Array.isArray(value) ? `||${value.join('||')}||` : String(value));

/** By the numbers of the fields. One that was never filled has no row. */
function fieldValues({ id: contact, custom }: Contact, account: Account): object[] {
  const filled = account.customFields().filter(({ name }) => (custom[name] ?? null) !== null);
  return filled.map(({ number, name }) => {
    const [field, value] = [String(number), valueText(custom[name] ?? null)];
    return { contact, field, value, id: `${contact}${field}`, owner: contact };
  });
}

const view = (contact: Contact, account: Account) => ({
  contactLists: [],
  fieldValues: fieldValues(contact, account),
  contact: brief(contact),
});

/** A part of a list: 20 unless told, and never more than 100. */
function page<Item>({ query }: Call, items: readonly Item[]): Item[] {
  const [limit, offset] = [Number(query.get('limit') ?? 20), Number(query.get('offset') ?? 0)];
  return items.slice(offset, offset + Math.min(limit, 100));
}

const label = ({ id, name: tag }: Tag) => ({ tagType: 'contact', tag, description: '', id: String(id) });

/** That lists of a contact's tags have pages is a guess, and so is that labels come along: callers rely on it. */
function contactTags(call: Call): { links: object[]; tags: object[] } {
  const { id: contact, tags, person } = call.contact;
  const some = page(call, tags);
  const links = some.map(({ id }) => ({ contact, tag: String(id), cdate: person.createdAt, id: `9${id}` }));
  return { links, tags: some.map(label) };
}

function write({ account, contact, body }: Call): object {
  const { fieldValues: pairs, ...standard } = objectAt(body, 'contact');
  const own = account.customFields();
  const custom = (Array.isArray(pairs) ? pairs.filter(isJsonObject) : []).map(({ field, value = null }) => {
    const known = own.find(({ number }) => String(number) === field);
    if (!known) throw new InvalidPerson('The field value is invalid');
    return [known.name, value] as const;
  });
  const fields: JsonObject = { ...standard, ...Object.fromEntries(custom) };
  return view(account.write(contact, fields), account);
}

const event = (type: string, { id, email, standard, tags }: Contact, at: Date): WebhookBody =>
  formBody({
    type,
    date_time: at.toISOString(),
    initiated_from: 'admin',
    initiated_by: 'admin',
    list: '0',
    contact: {
      ...{ id, email, first_name: standard['firstName'], last_name: standard['lastName'] },
      ...{ phone: standard['phone'], tags: tags.map(({ name }) => name).join(', ') },
    },
  });

const withTag = (account: Account, id: unknown): Contact[] =>
  account.all().filter(({ tags }) => tags.some((tag) => String(tag.id) === String(id)));

/** https://developers.activecampaign.com/reference: contacts, their tags by another call, fields by number. */
export const activecampaign: CrmDescription = {
  basePath: '/api/3/',
  settings: { account: 'acme' },
  idOf: String,
  fields: {
    // Personalization tags are written in capitals.
    names: Object.fromEntries(customFields.map(({ name }) => [name, name.toUpperCase()])),
    standard: ['firstName', 'lastName', 'phone'],
    unknown: 'ignored',
  },
  credentials: ({ apiToken = '' }) => ({ headers: { 'Api-Token': apiToken } }),
  routes: {
    'GET contacts?email={email}': ({ account, values: { email = '' } }) => {
      const contacts = account.byEmail(email).map(brief);
      return { contacts, meta: { total: String(contacts.length) } };
    },
    'GET contacts': (call) => {
      const tag = call.query.get('tagid');
      const all = tag === null ? call.account.all() : withTag(call.account, tag);
      return { contacts: page(call, all).map(brief), meta: { total: String(all.length) } };
    },
    'GET contacts/{id}': ({ contact, account }) => view(contact, account),
    'PUT contacts/{id}': write,
    'GET contacts/{id}/contactTags?include=tag': (call) => {
      const { links, tags } = contactTags(call);
      return { contactTags: links, tags };
    },
    'GET contacts/{id}/contactTags': (call) => ({ contactTags: contactTags(call).links }),
    'GET tags': (call) => {
      const tags = call.account.tags();
      return { tags: page(call, tags).map(label), meta: { total: String(tags.length) } };
    },
    'GET fields': (call) => {
      const all = call.account.customFields();
      const fields = page(call, all).map(({ number, name, title }) => {
        return { id: String(number), title, type: 'text', perstag: name.toUpperCase() };
      });
      return { fieldOptions: [], fieldRels: [], fields, meta: { total: String(all.length) } };
    },
    'GET users/me': () => ({ user: { id: '1', username: 'admin', email: 'owner@example.com' } }),
  },
  errors: {
    body: (_status, message) => ({ message }),
    notFound: new Reply(404, { message: 'No Result found for Subscriber with id 999999' }),
    badToken: new Reply(403, { message: 'You do not have permission to access this resource' }),
    badWrite: (title) => new Reply(422, { errors: [{ title, source: { pointer: '/data/attributes' } }] }),
    rateLimited: (seconds = 30) =>
      new Reply(429, undefined, { 'retry-after': String(Math.ceil(seconds)), 'ratelimit-limit': '5' }),
  },
  limits: [{ calls: 5, seconds: 1 }],
  tagsAt: ['contactTags', 'tags'],
  webhooks: {
    // A form that nobody types: https://developers.activecampaign.com/page/webhooks
    automation: ([contact], at) => event('contact_tag_added', contact, at),
    update: ([contact], at) => event('update', contact, at),
  },
};
