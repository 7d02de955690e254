import { createHash } from 'node:crypto';
import type { AccountField, Contact } from '../account.ts';
import { Reply } from '../api-answer.ts';
import { basicAuth } from '../basic-auth.ts';
import type { Call, CrmDescription } from '../crm-description.ts';
import { isJsonObject } from '../json.ts';
import { objectAt } from '../request-body.ts';
import { jsonBody } from '../webhook-body.ts';

const texts = 'first_name last_name address_line_1 address_line_2 postal_code city state country phone'.split(
  ' ',
);
const standard = [...texts, 'prefix', 'timezone', 'date_of_birth', 'source'];

const types: Partial<Record<AccountField['type'], string>> = { list: 'select-multi', datetime: 'date_time' };

const time = (iso: string) => iso.slice(0, 19).replace('T', ' ');
const numberOf = (id: string) => (/^\d+$/.test(id) ? Number(id) : id);
const slugOf = (title: string) => title.trim().toLowerCase().replaceAll(' ', '-');
const labelled = ({ id, name }: { id: number; name: string }) => ({ id, title: name, slug: slugOf(name) });

/** As the model is serialised, with the relations that are always loaded. */
function view({ id, email, standard: given, tags, person }: Contact): Record<string, unknown> {
  const { first_name, last_name } = given;
  return {
    id: numberOf(id),
    user_id: null,
    hash: createHash('md5')
      .update(email ?? '')
      .digest('hex'),
    ...Object.fromEntries(texts.map((name) => [name, ''])),
    ...{ prefix: null, timezone: null, date_of_birth: '', source: null },
    ...given,
    full_name: [first_name, last_name].filter(Boolean).join(' '),
    email,
    status: 'subscribed',
    contact_type: 'lead',
    total_points: 0,
    life_time_value: 0,
    last_activity: null,
    created_at: time(person.createdAt),
    updated_at: time(person.updatedAt),
    photo: 'https://example.com/photo.png',
    tags: tags.map(labelled),
    lists: [{ id: 1, title: 'Newsletter', slug: 'newsletter' }],
  };
}

function show(contact: Contact | undefined, { query }: Call): Reply | object {
  if (!contact) return new Reply(422, { message: 'Subscriber not found' });
  const isAsked = query.getAll('with[]').includes('subscriber.custom_values');
  return { subscriber: { ...view(contact), ...(isAsked ? { custom_values: contact.custom } : {}) } };
}

/** Standard fields, and custom ones, of which the others stay. */
function update({ account, values, body }: Call): Reply | object {
  const contact = account.find(values['id'] ?? '');
  if (!contact) return new Reply(404, { message: 'No query results for model.' });
  const { custom_values = {}, ...fields } = objectAt(body, 'subscriber');
  const own = isJsonObject(custom_values) ? custom_values : {};
  const written = account.write(contact, { ...fields, ...own });
  return { message: 'Subscriber successfully updated', contact: view(written), isDirty: true, values: own };
}

/** As Laravel has pages. */
function pageOf({ query }: Call, items: readonly object[]): object {
  const [per_page, current_page] = [Number(query.get('per_page') ?? 15), Number(query.get('page') ?? 1)];
  const data = items.slice((current_page - 1) * per_page, current_page * per_page);
  const last_page = Math.max(1, Math.ceil(items.length / per_page));
  return { current_page, data, last_page, per_page, total: items.length };
}

const wordPress = (status: number, code: string, message: string) => ({ code, message, data: { status } });

/** The part of https://developers.fluentcrm.com/rest-api/ that reads and writes contacts. Statuses are the plug-in's. */
export const fluentcrm: CrmDescription = {
  basePath: '/wp-json/fluent-crm/v2/',
  settings: { url: 'https://www.example.com' },
  idOf: String,
  // It keeps such a value, and shows it to nobody.
  fields: { names: { firstName: 'first_name', lastName: 'last_name' }, standard, unknown: 'ignored' },
  credentials: ({ user, apiToken }) => ({ headers: { authorization: basicAuth(user, apiToken) } }),
  routes: {
    'GET subscribers/0?get_by_email={email}': (call) =>
      show(call.account.byEmail(call.values['email'] ?? '')[0], call),
    'GET subscribers/{id}': (call) => show(call.account.find(call.values['id'] ?? ''), call),
    'PUT subscribers/{id}': update,
    'GET tags': (call) => ({ tags: pageOf(call, call.account.tags().map(labelled)) }),
    'GET subscribers': (call) => {
      const tag = call.query.get('tags[]');
      const isMeant = ({ tags }: Contact) => tag === null || tags.some(({ id }) => String(id) === tag);
      return { subscribers: pageOf(call, call.account.all().filter(isMeant).map(view)) };
    },
    'GET custom-fields/contacts': ({ account }) => ({
      fields: account.customFields().map(({ name, title, type }) => ({
        label: title,
        slug: name,
        type: types[type] ?? type,
        group: 'default',
      })),
    }),
  },
  errors: {
    body: (_status, message) => ({ message }),
    notFound: new Reply(422, { message: 'Subscriber not found' }),
    badToken: new Reply(401, wordPress(401, 'rest_forbidden', 'Sorry, you are not allowed to do that.')),
    badWrite: (message) => new Reply(422, { email: { unique: message } }),
    noRoute: () => {
      const message = 'No route was found matching the URL and request method.';
      return new Reply(404, wordPress(404, 'rest_no_route', message));
    },
  },
  tagsAt: ['subscriber.tags'],
  webhooks: {
    'outgoing webhook': ([contact]) => jsonBody({ ...view(contact), custom_values: contact.custom }),
  },
};
