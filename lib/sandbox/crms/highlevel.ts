import { randomUUID } from 'node:crypto';
import type { AccountField, Contact } from '../account.ts';
import { Reply } from '../api-answer.ts';
import type { Call, CrmDescription } from '../crm-description.ts';
import { isJsonObject, type JsonObject } from '../json.ts';
import { objectAt } from '../request-body.ts';
import { jsonBody } from '../webhook-body.ts';

const location = { id: 've9EPM428h8vShlRW1KT', name: 'Acme' };

const standard =
  'firstName lastName name phone address1 city state postalCode country website timezone dateOfBirth source companyName'.split(
    ' ',
  );

/** Twenty letters and digits, as all ids are. */
const idOf = (prefix: string, number: number) => prefix + String(number).padStart(20 - prefix.length, '0');

const dataTypes: Record<AccountField['type'], string> = {
  text: 'TEXT',
  date: 'DATE',
  datetime: 'TEXT',
  boolean: 'RADIO',
  number: 'NUMERICAL',
  integer: 'NUMERICAL',
  list: 'MULTIPLE_OPTIONS',
};
const definition = ({ number, name, title, type }: AccountField) => ({
  id: idOf('Field', number),
  name: title,
  fieldKey: `contact.${name}`,
  dataType: dataTypes[type],
  model: 'contact',
  locationId: location.id,
});

/** What is empty is left out, but for tags, which are kept in lower case. */
function view({ id, email, standard: given, custom, tags, person }: Contact, { account }: Call): object {
  const filled = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
  const written = account.customFields().filter(({ name }) => (custom[name] ?? null) !== null);
  return {
    id,
    locationId: location.id,
    type: 'lead',
    ...(email === null ? {} : { email }),
    ...filled,
    tags: tags.map(({ name }) => name.toLowerCase()),
    customFields: written.map(({ number, name }) => ({ id: idOf('Field', number), value: custom[name] })),
    dateAdded: person.createdAt,
    dateUpdated: person.updatedAt,
  };
}

function update(call: Call): object {
  const { customFields = [], ...fields } = objectAt(call.body);
  const own: JsonObject = {};
  for (const field of [customFields].flat().filter(isJsonObject)) {
    const known = call.account.customFields().find(({ number }) => idOf('Field', number) === field['id']);
    // A field that is not there is passed over.
    if (known) own[known.name] = field['field_value'] ?? null;
  }
  return { succeded: true, contact: view(call.account.write(call.contact, { ...fields, ...own }), call) };
}

/** The part of https://marketplace.gohighlevel.com/docs that reads and writes contacts. Statuses of errors are as its OpenAPI has them. */
export const highlevel: CrmDescription = {
  basePath: '/',
  settings: { location: location.id },
  passwordField: 'contact.wp_password',
  idOf: (number) => idOf('Contact', number),
  fields: { standard },
  credentials: ({ apiToken }) => ({
    headers: { authorization: `Bearer ${apiToken}`, version: '2021-07-28' },
  }),
  routes: {
    'POST contacts/search': (call) => {
      const { pageLimit = 100, searchAfter } = objectAt(call.body);
      const all = call.account.all();
      const after = Array.isArray(searchAfter) ? String(searchAfter[1]) : undefined;
      const start = after === undefined ? 0 : all.findIndex(({ id }) => id === after) + 1;
      const some = all.slice(start, start + Number(pageLimit));
      const contacts = some.map((contact) => ({
        ...view(contact, call),
        searchAfter: [Date.parse(contact.person.createdAt), contact.id],
      }));
      return { contacts, total: all.length, traceId: randomUUID() };
    },
    'GET locations/{location}/tags': ({ account }) => ({
      tags: account.tags().map(({ id, name }) => {
        return { id: idOf('Tag', id), name: name.toLowerCase(), locationId: location.id };
      }),
    }),
    'GET contacts/search/duplicate?locationId={location}&email={email}': (call) => {
      const [found] = call.account.byEmail(call.values['email'] ?? '');
      return { contact: found ? view(found, call) : null, traceId: randomUUID() };
    },
    'GET contacts/{id}': (call) => ({ contact: view(call.contact, call), traceId: randomUUID() }),
    'PUT contacts/{id}': update,
    'GET locations/{location}/customFields': ({ account }) => ({
      customFields: account.customFields().map(definition),
    }),
  },
  errors: {
    body: (statusCode, message) => ({ statusCode, message }),
    notFound: new Reply(400, { statusCode: 400, message: 'Contact not found' }),
    badToken: new Reply(401, {
      statusCode: 401,
      message: 'Invalid token: access token is invalid',
      error: 'Unauthorized',
    }),
    badWrite: (message) =>
      new Reply(422, { statusCode: 422, message: [message], error: 'Unprocessable Entity' }),
    rateLimited: () =>
      new Reply(
        429,
        { statusCode: 429, message: 'Too Many Requests' },
        {
          'x-ratelimit-max': '100',
          'x-ratelimit-remaining': '0',
          'x-ratelimit-interval-milliseconds': '10000',
          'x-ratelimit-daily-remaining': '199000',
        },
      ),
  },
  limits: [
    { calls: 100, seconds: 10 },
    { calls: 200_000, seconds: 86_400 },
  ],
  tagsAt: ['contact.tags'],
  webhooks: {
    'workflow action': ([{ id, email, standard: given, tags }]) =>
      jsonBody({
        contact_id: id,
        first_name: given['firstName'] ?? null,
        last_name: given['lastName'] ?? null,
        email,
        tags: tags.map(({ name }) => name).join(','),
        contact_type: 'lead',
        location,
        workflow: { id: randomUUID(), name: 'Import' },
        customData: {},
      }),
    'app event': ([{ id, email, tags }]) =>
      jsonBody({
        type: 'ContactTagUpdate',
        locationId: location.id,
        id,
        email,
        tags: tags.map(({ name }) => name),
        customFields: [],
      }),
  },
};
