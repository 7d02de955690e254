import type { Contact } from '../../../lib/sandbox/account.ts';
import { Reply } from '../../../lib/sandbox/api-answer.ts';
import type { CrmDescription } from '../../../lib/sandbox/crm-description.ts';
import { isJsonObject, type JsonObject } from '../../../lib/sandbox/json.ts';
import { customFields } from '../../../lib/sandbox/people.ts';
import { objectAt } from '../../../lib/sandbox/request-body.ts';
import { formBody } from '../../../lib/sandbox/webhook-body.ts';

const brief = ({ id, email, standard }: Contact) => ({ id, email, phone: '', ...standard, deleted: '0' });

/** Custom fields go by number, and their values are texts. */
const fieldValues = ({ id, custom }: Contact) =>
  Object.entries(custom).map(([field, value]) => ({
    contact: id,
    field,
    value: Array.isArray(value) ? `||${value.join('||')}||` : String(value ?? ''),
  }));

const tag = ({ id, name }: { id: number; name: string }) => ({
  id: String(id),
  tagType: 'contact',
  tag: name,
});

/** Standard fields by name and `[{ field, value }]` for the others. */
function written({ fieldValues: values, ...standard }: JsonObject): JsonObject {
  const pairs = (Array.isArray(values) ? values.filter(isJsonObject) : []).map(({ field, value = null }) => [
    String(field),
    value,
  ]);
  return { ...standard, ...Object.fromEntries(pairs) };
}

/** https://developers.activecampaign.com/reference/get-contact: tags by a second call, a search without fields, forms. */
export const activecampaign: CrmDescription = {
  basePath: '/api/3/',
  idOf: (number) => String(112 + number),
  fields: {
    names: Object.fromEntries(customFields.map(({ name }, index) => [name, String(index + 1)])),
    standard: ['firstName', 'lastName', 'phone'],
    unknown: 'refused',
  },
  credentials: ({ apiToken = '' }) => ({ headers: { 'Api-Token': apiToken } }),
  routes: {
    'GET contacts?email={email}': ({ account, values: { email = '' } }) => {
      const contacts = account.byEmail(email).map(brief);
      return { contacts, meta: { total: String(contacts.length) } };
    },
    'GET contacts/{id}': ({ contact }) => ({ contact: brief(contact), fieldValues: fieldValues(contact) }),
    'GET contacts/{id}/contactTags?include=tag': ({ contact: { id, tags } }) => ({
      contactTags: tags.map((one) => ({ contact: id, tag: String(one.id), id: `9${one.id}` })),
      tags: tags.map(tag),
    }),
    'GET contacts/{id}/contactTags': ({ contact: { id, tags } }) => ({
      contactTags: tags.map((one) => ({ contact: id, tag: String(one.id), id: `9${one.id}` })),
    }),
    'GET tags': ({ account, query }) => {
      const [limit, offset, tags] = [
        Number(query.get('limit') ?? 20),
        Number(query.get('offset')),
        account.tags(),
      ];
      return { tags: tags.slice(offset, offset + limit).map(tag), meta: { total: String(tags.length) } };
    },
    'PUT contacts/{id}': ({ account, contact, body }) => {
      const after = account.write(contact, written(objectAt(body, 'contact')));
      return { contact: brief(after), fieldValues: fieldValues(after) };
    },
    'GET fields': ({ account }) => {
      const fields = account
        .customFields()
        .map(({ name, title }) => ({ id: name, title, perstag: title.toUpperCase() }));
      return { fields, meta: { total: String(fields.length) } };
    },
    'GET users/me': () => ({ user: { username: 'admin' } }),
  },
  errors: {
    body: (_status, message) => ({ message }),
    notFound: new Reply(404, { message: 'No Result found for Subscriber with id 999999' }),
    badToken: new Reply(403, { message: 'You do not have permission to access this resource' }),
    badWrite: (title) => new Reply(422, { errors: [{ title }] }),
    rateLimited: (seconds = 30) => new Reply(429, undefined, { 'retry-after': String(Math.ceil(seconds)) }),
  },
  limits: [{ calls: 5, seconds: 1 }],
  tagsAt: ['contactTags', 'tags'],
  webhooks: {
    automation: ([{ id, email, standard, tags }]) =>
      formBody({
        type: 'contact_tag_added',
        contact: {
          id,
          email,
          first_name: standard['firstName'],
          tags: tags.map(({ name }) => name).join(', '),
        },
      }),
  },
};
