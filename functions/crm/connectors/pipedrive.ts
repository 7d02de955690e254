import * as z from 'zod/mini';
import { type Connector, type Contact, cleanTags, mapped } from '../connector.ts';
import { type Conversation, type CrmRequest, mostPages, remembered } from '../conversation.ts';
import { CrmWriteRefused } from '../crm-errors.ts';
import { addNamed, allNames, type FieldNames, fieldIdOf } from '../field-names.ts';
import { pipedriveLists } from '../lists/pipedrive.ts';
import { loadFound } from '../load-found.ts';
import { type Path, path } from '../path.ts';
import { described, digits, listOf, matching, readAs, textOrNone } from '../schemas.ts';
import { braces } from '../template-forms.ts';

const id = readAs(z.union([z.int(), digits]), String);
const details = z.nullish(listOf(z.looseObject({ value: textOrNone, primary: z.nullish(z.boolean()) })));
const person = z.looseObject({ id, emails: details, phones: details, custom_fields: z.looseObject({}) });
type Person = z.infer<typeof person>;
const one = z.object({ data: person });
const options = listOf(z.looseObject({ label: z.string() }));
const hits = z.object({ data: z.object({ items: listOf(z.object({ item: z.looseObject({ id }) })) }) });
const definition = z.looseObject({ field_code: z.string(), field_name: textOrNone });
const more = z.nullish(z.object({ next_cursor: textOrNone }));
const definitions = z.object({ data: listOf(definition), additional_data: more });
const standard = 'id name first_name last_name email phone owner_id org_id job_title'.split(' ');
const get = (target: Path, query = {}): CrmRequest => ({ method: 'GET', path: target, query });

/** Custom fields by their keys, which tell people nothing. */
function* readNames(cursor = '', pagesLeft = mostPages): Conversation<FieldNames> {
  const query = { limit: '500', ...(cursor && { cursor }) };
  const { data, additional_data } = definitions.parse(yield get(path`personFields`, query));
  const custom = data.filter((one) => one['is_custom_field'] === true);
  const names = custom.map(({ field_code, field_name }) => [field_code, [field_code, field_name]] as const);
  const next = pagesLeft > 1 ? additional_data?.next_cursor : undefined;
  return new Map([...names, ...(next ? yield* readNames(next, pagesLeft - 1) : [])]);
}

/** An option's label; the value of a sum, an address or a time. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return 'label' in value ? value.label : 'value' in value ? value.value : value;
}

const primary = (all: Person['emails']) => (all?.find(({ primary }) => primary) ?? all?.[0])?.value;

function fieldsOf({ custom_fields, emails, phones, ...flat }: Person, names: FieldNames) {
  const all = { ...custom_fields, ...flat, email: primary(emails), phone: primary(phones) };
  const fields = new Map(Object.entries(all).map(([name, value]) => [name, plain(value)]));
  addNamed(fields, new Map(Object.keys(custom_fields).map((key) => [key, fields.get(key)])), names);
  return fields;
}

/** Labels are there because they are asked for, or else it has to say that there are none. */
function tagsOf({ labels, label_ids, custom_fields }: Person, from: string): string[] {
  const none = Array.isArray(label_ids) && label_ids.length === 0 ? [] : undefined;
  const own = custom_fields[from] === null ? [] : custom_fields[from];
  const read = options.parse([from === 'labels' ? (labels ?? none) : own].flat());
  if (from === 'labels' && read.length === 0) z.nullish(z.tuple([])).parse(label_ids);
  return cleanTags(read.map(({ label }) => label));
}

function* load(id: string, from: string): Conversation<Contact[]> {
  const asked = { include_labels: 'true', include_option_labels: 'true' };
  const { data } = one.parse(yield get(path`persons/${id}`, asked));
  const tags = tagsOf(data, from);
  // They are answered for thirty days more.
  if (data['is_deleted'] === true) return [];
  const keys = Object.keys(data.custom_fields);
  const names = yield* remembered('fields', readNames, (known) => keys.every((key) => known.has(key)));
  return [{ id: data.id, email: primary(data.emails) ?? undefined, fields: fieldsOf(data, names), tags }];
}

/** Finds people by any address of theirs; the primary one counts. */
function* search(term: string, from: string): Conversation<Contact[]> {
  const query = { term, fields: 'email', exact_match: 'true', limit: '10' };
  const { items } = hits.parse(yield get(path`persons/search`, query)).data;
  const found = items.map(({ item }) => item);
  return yield* loadFound(found, (id) => load(id, from));
}

function* write(id: string, field: string, value: string): Conversation<unknown> {
  const patch = (json: object) => ({ method: 'PATCH', path: path`persons/${id}`, body: { json } }) as const;
  if (field === 'name') return yield patch({ name: value });
  const names = yield* remembered('fields', readNames, (known) => fieldIdOf(field, known) !== undefined);
  const key = fieldIdOf(field, names);
  if (key === undefined) throw new CrmWriteRefused();
  return yield patch({ custom_fields: { [key]: value } });
}

/** Of version 2 and of version 1; what a marketer types has no such member. */
const meta = z.nullish(z.object({ entity: textOrNone, object: textOrNone }));
const event = z.object({ meta: readAs(meta, (about) => about?.entity ?? about?.object ?? 'person') });
const company = matching(/^[a-z0-9-]+$/);
const tagsFrom = z._default(matching(/^(labels|[0-9a-f]{40})$/), 'labels');

/** Pipedrive. API: https://developers.pipedrive.com/docs/api/v1/Persons */
export const pipedrive = {
  title: 'Pipedrive',
  settings: z.object({
    company: described(z._default(company, 'api'), 'The subdomain of pipedrive.com; may be left out'),
    tagsFrom: described(tagsFrom, '`labels`, or the key of a field with several options'),
  }),
  secrets: { apiToken: 'API token (Personal preferences > API)' },
  webhook: {
    // Whoever was deleted stands in `meta` or `previous` only.
    ids: [['data', 'id'], ['meta', 'entity_id'], ['current', 'id'], ['previous', 'id'], ['id']],
    emails: [['email']],
    isOurs: (body) => event.parse(body).meta === 'person',
  },
  templateForms: braces,
  contactId: (text) => (/^[1-9]\d{0,15}$/.test(text) ? text : undefined),
  api: ({ company, tagsFrom }) => ({
    baseUrl: `https://${company}.pipedrive.com/api/v2/`,
    authorise: (request, { apiToken }) => ({ ...request, headers: { 'x-api-token': apiToken } }),
    load: (key) => ('id' in key ? load(key.id, tagsFrom) : search(key.email, tagsFrom)),
    write,
    lists: pipedriveLists(tagsFrom),
    *check() {
      yield get(path`personFields`, { limit: '1' });
    },
    *fields() {
      return [...standard, ...allNames(yield* readNames())];
    },
  }),
  limits: {
    perSecond: 10,
    // In two seconds, and the seconds until they are over.
    named: ({ 'x-ratelimit-limit': limit, 'x-ratelimit-reset': reset }) => ({
      ...(limit && { perSecond: Number(limit) / 2 }),
      ...(reset && { seconds: Number(reset) }),
    }),
  },
  defaultFields: {
    user_email: mapped('email'),
    first_name: mapped('first_name'),
    last_name: mapped('last_name'),
    display_name: mapped('name'),
    phone: mapped('phone'),
  },
  known: { tags: 'labels', checked: "the vendor's OpenAPI document and SDK", open: 'the budget of a day' },
  notes: [
    'Custom fields are found by their name or by their key of 40 characters. Address and number are the primary ones.',
    'A person who was deleted, or merged into another, is not found any more; the other one calls under its own id.',
    'Pipedrive calls after our own writes, too: that ends after one more pass, which changes nothing.',
  ],
  setup: (webhookUrl) => [
    'In Pipedrive, open Settings > Tools and apps > Webhooks, and press "Create new webhook".',
    'Event action: change (or create). Event object: person. Version: 2.',
    `URL: ${webhookUrl}`,
  ],
} satisfies Connector<{ company: string; tagsFrom: string }>;
