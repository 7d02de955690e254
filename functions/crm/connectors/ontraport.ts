import * as z from 'zod/mini';
import { type Connector, type Contact, type ContactKey, cleanTags, mapped } from '../connector.ts';
import { type Conversation, remembered } from '../conversation.ts';
import { ContactNotFound, CrmWriteRefused } from '../crm-errors.ts';
import { addNamed, allNames, type FieldNames, fieldIdOf } from '../field-names.ts';
import { ontraportLists } from '../lists/ontraport.ts';
import { path } from '../path.ts';
import { described, digits, listOf, matching, preprocess, readAs, textOrNone } from '../schemas.ts';

const contact = z.looseObject({
  id: digits,
  email: textOrNone,
  // The tags by their numbers, as in `*/*1*/*2*/*`; empty without any.
  contact_cat: matching(/^$|^(\*\/\*\d+)+\*\/\*$/),
});
/** One by its id, or a list. */
const answer = z.object({ data: z.union([readAs(contact, (one) => [one]), listOf(contact)]) });
const tags = z.object({ data: listOf(z.object({ tag_id: z.string(), tag_name: z.string() })) });
const object = z.object({ fields: z.record(z.string(), z.looseObject({ alias: textOrNone })) });
const meta = z.object({ data: preprocess((objects) => Object.values(Object(objects))[0], object) });
const appId = matching(/^\w{4,80}$/, 'must be letters, digits and _');

/** The account's fields by their keys, such as `f1234`, which people know by their labels. */
type Fields = z.infer<typeof object>['fields'];
const namesOf = (fields: Fields): FieldNames =>
  new Map(Object.entries(fields).map(([key, { alias }]) => [key, [key, alias]]));

function* readFields(): Conversation<Fields> {
  const given = yield { method: 'GET', path: path`Contacts/meta`, query: { format: 'byName' } };
  return meta.parse(given).data.fields;
}

/** Fifty tags a page. That there are more, nobody says. */
function* readTags(): Conversation<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  for (let start = 0; names.size === start; start += 50) {
    const query = { start: String(start), range: '50' };
    const { data } = tags.parse(yield { method: 'GET', path: path`Tags`, query });
    for (const { tag_id, tag_name } of data) names.set(tag_id, tag_name);
  }
  return names;
}

const split = (joined: string) => joined.split('*/*').filter((part) => part !== '');

/** Choices are numbers of options, and dates are seconds, of which 0 is none. */
function readable(value: unknown, { type, options }: Partial<Fields[string]> = {}): unknown {
  if (typeof value !== 'string') return value;
  const labels = new Map(Object.entries(Object(options)));
  if (type === 'drop') return labels.get(value) ?? value;
  if (type === 'list') return split(value).map((option) => labels.get(option) ?? option);
  if (!['fulldate', 'timestamp'].includes(String(type)) || !/^-?\d{1,11}$/.test(value)) return value;
  return Number(value) === 0 ? null : new Date(Number(value) * 1000).toISOString();
}

/** A choice that the account's list does not have: it may be new. 0 is none. */
const isNewChoice = (value: unknown, { type, options }: Partial<Fields[string]> = {}) =>
  (type === 'drop' || type === 'list') &&
  split(String(value ?? '')).some((option) => option !== '0' && !Object.hasOwn(Object(options), option));

function* contactOf({ contact_cat, ...given }: z.infer<typeof contact>, wanted: readonly string[]) {
  const numbers = split(contact_cat);
  const knows = (known: ReadonlyMap<string, string>) => numbers.every((number) => known.has(number));
  const labels = numbers.length > 0 ? yield* remembered('tags', readTags, knows) : new Map<string, string>();
  // A key that no field has is no reason to ask again, nor is a name that nobody knows.
  const isEnough = (known: Fields) =>
    !Object.entries(given).some(([key, value]) => isNewChoice(value, known[key])) &&
    (Object.keys(given).every((key) => !/^f\d/.test(key) || Object.hasOwn(known, key)) ||
      wanted.every((name) => Object.hasOwn(given, name) || fieldIdOf(name, namesOf(known)) !== undefined));
  const known = yield* remembered('fields', readFields, isEnough);
  const fields = new Map(Object.entries(given).map(([key, value]) => [key, readable(value, known[key])]));
  addNamed(fields, new Map(fields), namesOf(known));
  const read = numbers.map((number) => z.string().parse(labels.get(number)));
  return { id: given.id, email: given.email || undefined, fields, tags: cleanTags(read) };
}

function* load(key: ContactKey, wanted: readonly string[]): Conversation<Contact[]> {
  const byEmail = (email: string) => [{ field: { field: 'email' }, op: '=', value: { value: email } }];
  const query = 'id' in key ? { id: key.id } : { condition: JSON.stringify(byEmail(key.email)), range: '2' };
  const place = 'id' in key ? path`Contact` : path`Contacts`;
  const { data } = answer.parse(yield { method: 'GET', path: place, query });
  const found: Contact[] = [];
  for (const one of data) found.push(yield* contactOf(one, wanted));
  return found;
}

/** What becomes of a write to an unknown id is documented nowhere: look first. */
function* write(id: string, field: string, value: string): Conversation<unknown> {
  const { data } = answer.parse(yield { method: 'GET', path: path`Contact`, query: { id } });
  if (!data.some((one) => one.id === id)) throw new ContactNotFound();
  const isEnough = (known: Fields) => fieldIdOf(field, namesOf(known)) !== undefined;
  const key = fieldIdOf(field, namesOf(yield* remembered('fields', readFields, isEnough)));
  if (key === undefined) throw new CrmWriteRefused();
  return yield { method: 'PUT', path: path`Contacts`, body: { json: { id, [key]: value } } };
}

/** Ontraport. API: https://api.ontraport.com/doc/ */
export const ontraport: Connector<{ appId: string }> = {
  title: 'Ontraport',
  settings: z.object({ appId: described(appId, 'The App ID beside the API key: `2_12345_abc`') }),
  secrets: { apiToken: 'API key' },
  webhook: {
    ids: [['contact_id'], ['data', 'id'], ['id']],
    emails: [['email'], ['data', 'email']],
    // Webhooks of the API name the type of their object: 0 are contacts.
    isOurs: (event) => String(Object(event).object_type_id ?? 0) === '0',
  },
  templateForms: [['[', ']']],
  contactId: (text) => (/^[1-9]\d{0,15}$/.test(text) ? text : undefined),
  api: ({ appId }) => ({
    baseUrl: 'https://api.ontraport.com/1/',
    authorise: (request, { apiToken: key }) => ({
      ...request,
      headers: { 'api-appid': appId, 'api-key': key },
    }),
    load,
    write,
    lists: ontraportLists,
    check: readFields,
    *fields() {
      return ['id', ...allNames(namesOf(yield* readFields()))];
    },
  }),
  limits: {
    perSecond: 3,
    named: ({ 'x-rate-limit-reset': reset = '' }) => (/^\d+$/.test(reset) ? { seconds: Number(reset) } : {}),
  },
  defaultFields: {
    user_email: mapped('email'),
    first_name: mapped('firstname'),
    last_name: mapped('lastname'),
    phone: mapped('sms_number'),
    company: mapped('company'),
    country: mapped('country'),
    region: mapped('state'),
    city: mapped('city'),
  },
  known: { tags: 'tags', checked: "the vendor's documentation and SDK", open: 'errors; the zone of dates' },
  notes: [
    'Custom fields are found by their key (`f1234`) or their label. Choices come as their labels, and dates as ISO dates.',
    'A contact that was deleted, or given up when two were merged, is not there any more: its user stays as it is.',
    'An automation that starts with a changed field sends what Usher writes back; that ends after one pass.',
  ],
  setup: (webhookUrl) => [
    'In Ontraport, under Administration > Integrations > Ontraport API Instructions and Key Manager, make an API key.',
    'Open the automation, add the element "Webhook", and publish it in the end. Method: POST.',
    `URL: ${webhookUrl}`,
    'Post data: contact_id=[Contact ID]',
  ],
};
