import * as z from 'zod/mini';
import { type Connector, type Contact, type ContactKey, cleanTags, mapped } from '../connector.ts';
import { type Conversation, remembered } from '../conversation.ts';
import { CrmWriteRefused } from '../crm-errors.ts';
import { addNamed, allNames, type FieldNames, fieldIdOf } from '../field-names.ts';
import { highlevelLists } from '../lists/highlevel.ts';
import { path } from '../path.ts';
import { described, listOf, matching, notEmpty, textOrNone } from '../schemas.ts';
import { braces } from '../template-forms.ts';

const one = z.object({
  contact: z.looseObject({
    id: notEmpty,
    email: textOrNone,
    tags: listOf(z.string()),
    customFields: z.nullish(listOf(z.object({ id: z.string(), value: z.optional(z.unknown()) }))),
  }),
});
const hit = z.object({ contact: z.nullable(z.object({ id: notEmpty })) });
const definition = z.object({ id: z.string(), fieldKey: z.string(), name: textOrNone });
const definitions = z.object({ customFields: listOf(definition) });

/** Fields that `PUT contacts/{id}` takes at its top. Every other one is a custom field. */
const words = 'firstName lastName name email phone address1 city state postalCode country website timezone';
const standardFields = [...words.split(' '), 'dateOfBirth', 'source'];
const ownFields = ['id', 'companyName', 'type', 'dateAdded', 'dateUpdated', ...standardFields];

/** A contact's custom fields go by ids, which no marketer sees. They have a key (`contact.birth_place`) and a name. */
function* readNames(location: string): Conversation<FieldNames> {
  const query = { model: 'contact' };
  const answer = yield { method: 'GET', path: path`locations/${location}/customFields`, query };
  const { customFields } = definitions.parse(answer);
  return new Map(customFields.map(({ id, fieldKey, name }) => [id, [fieldKey, name]]));
}

function* loadById(location: string, id: string, wanted: readonly string[]): Conversation<Contact> {
  let answer: unknown;
  try {
    answer = yield { method: 'GET', path: path`contacts/${id}`, missing: [400] };
  } catch (error) {
    // Unknown contacts are a 400. So would every call be if something were wrong with all of them.
    yield* readNames(location);
    throw error;
  }
  const { tags, customFields, ...standard } = one.parse(answer).contact;
  const fields = new Map<string, unknown>(Object.entries(standard));
  if (customFields && customFields.length > 0) {
    // The value of a field that was deleted may stay: it is no reason to ask again for ever.
    const isEnough = (names: FieldNames) =>
      customFields.every((field) => names.has(field.id)) ||
      wanted.every((name) => ownFields.includes(name) || fieldIdOf(name, names) !== undefined);
    const names = yield* remembered('fields', () => readNames(location), isEnough);
    addNamed(fields, new Map(customFields.map((field) => [field.id, field.value])), names);
  }
  return { id: standard.id, email: standard.email ?? undefined, fields, tags: cleanTags(tags) };
}

/** The search's own answer is documented nowhere: it gives the id, no more. */
function* load(location: string, key: ContactKey, wanted: readonly string[]): Conversation<Contact[]> {
  if ('id' in key) return [yield* loadById(location, key.id, wanted)];
  const query = { locationId: location, email: key.email };
  const { contact } = hit.parse(yield { method: 'GET', path: path`contacts/search/duplicate`, query });
  return contact ? [yield* loadById(location, contact.id, wanted)] : [];
}

/** What is written to a field that is not there, HighLevel takes and forgets. */
function* write(location: string, id: string, field: string, value: string): Conversation<unknown> {
  const request = { method: 'PUT', path: path`contacts/${id}`, missing: [400] } as const;
  if (standardFields.includes(field)) return yield { ...request, body: { json: { [field]: value } } };
  const isEnough = (names: FieldNames) => fieldIdOf(field, names) !== undefined;
  const own = fieldIdOf(field, yield* remembered('fields', () => readNames(location), isEnough));
  if (own === undefined) throw new CrmWriteRefused();
  return yield { ...request, body: { json: { customFields: [{ id: own, field_value: value }] } } };
}

/** Events of apps name the contact by `id` only where they are about one; workflows send no `type` with a `locationId`. */
const appEvent = z.object({ type: z.string(), locationId: z.string() });
const isOurs = (event: unknown) => {
  const { data } = appEvent.safeParse(event);
  return data === undefined || /^Contact(Create|Update|Delete|TagUpdate|DndUpdate)$/.test(data.type);
};

/** HighLevel, also sold under other names. API: https://marketplace.gohighlevel.com/docs/ghl/contacts/contacts */
export const highlevel: Connector<{ location: string }> = {
  title: 'HighLevel',
  settings: z.object({
    location: described(
      matching(/^[A-Za-z0-9]{10,40}$/, 'must be letters and digits'),
      "The sub-account's id, which stands in its URL behind `/location/`",
    ),
  }),
  secrets: { apiToken: 'private integration token' },
  webhook: {
    // Where an opportunity sets a workflow off, `id` is the opportunity's.
    ids: [['contact_id'], ['customData', 'contact_id'], ['id']],
    emails: [['email']],
    isOurs,
  },
  templateForms: braces,
  contactId: (text) => (/^[A-Za-z0-9]{16,32}$/.test(text) ? text : undefined),
  api: ({ location }) => ({
    baseUrl: 'https://services.leadconnectorhq.com/',
    authorise: (request, { apiToken }) => ({
      ...request,
      headers: { authorization: `Bearer ${apiToken}`, version: '2021-07-28' },
    }),
    load: (key, wanted) => load(location, key, wanted),
    write: (id, field, value) => write(location, id, field, value),
    lists: highlevelLists(location),
    check: () => readNames(location),
    *fields() {
      return [...ownFields, ...allNames(yield* readNames(location))];
    },
  }),
  limits: {
    perSecond: 10,
    named(headers) {
      const seconds = Number(headers['x-ratelimit-interval-milliseconds']) / 1000;
      const perSecond = Number(headers['x-ratelimit-max']) / seconds;
      return perSecond > 0 && Number.isFinite(perSecond) ? { perSecond, seconds } : {};
    },
  },
  defaultFields: {
    user_email: mapped('email'),
    first_name: mapped('firstName'),
    last_name: mapped('lastName'),
    phone: mapped('phone'),
    company: mapped('companyName'),
    country: mapped('country'),
    region: mapped('state'),
    city: mapped('city'),
    birthday: mapped('dateOfBirth', 'date'),
  },
  known: {
    tags: 'tags',
    checked: "the vendor's OpenAPI document and SDK",
    open: 'the status of an unknown contact (400 and 404 are read), whether tags are always listed (they have to be), how custom dates look, the body of its search, which no document describes',
  },
  notes: [
    'Custom fields go by their unique key, such as `contact.birth_place`, or their name. HighLevel writes tags in lower case.',
    'A contact that was deleted, or given up when two were merged, is not there any more: its user stays as it is.',
    'A workflow that starts with "Contact changed" sends what Usher writes back; that ends after one pass.',
  ],
  setup: (webhookUrl) => [
    'In the sub-account of HighLevel, open Settings > Private Integrations and press "Create new integration". Scopes: View Contacts, Edit Contacts, View Custom Fields. Its token is what `usher connect` asks for.',
    'Under Automation > Workflows, open the workflow and add the action "Webhook". Method: POST.',
    `URL: ${webhookUrl}`,
    'Custom data may stay empty: the body has contact_id. Press "Save action", and publish the workflow.',
  ],
};
