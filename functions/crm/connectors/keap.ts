import * as z from 'zod/mini';
import { type Connector, type Contact, type ContactKey, cleanTags, mapped } from '../connector.ts';
import { type Conversation, type CrmRequest, remembered } from '../conversation.ts';
import { CrmWriteRefused } from '../crm-errors.ts';
import { addNamed, allNames, type FieldNames, fieldIdOf } from '../field-names.ts';
import { keapLists } from '../lists/keap.ts';
import { type Path, path } from '../path.ts';
import { listOf, notEmpty, readAs, textOrNone } from '../schemas.ts';

const words = (text: string) => text.split(/\s+/);

/** Properties that can be written; every other one is a list, or only read. */
const writable =
  words(`given_name family_name middle_name preferred_name prefix suffix job_title website spouse_name
  contact_type birth_date anniversary_date time_zone preferred_locale referral_code`);
const single = [...writable, ...words('leadsource_id owner_id create_time update_time score_value')];
const slots = words(`id company EMAIL1 EMAIL2 EMAIL3 PHONE1 PHONE2 PHONE3 PHONE4 PHONE5 BILLING.line1
  BILLING.line2 BILLING.locality BILLING.region BILLING.country_code BILLING.postal_code`);
/** An answer has only what it was asked for. */
const always = words('id company email_addresses phone_numbers addresses custom_fields tag_ids');

const id = z.union([notEmpty, readAs(z.int(), String)]);
const inSlots = z.nullish(listOf(z.looseObject({ field: z.string(), email: textOrNone })));
const own = z.object({ id, custom_fields: listOf(z.object({ id, content: z.optional(z.unknown()) })) });
const lists = { email_addresses: inSlots, phone_numbers: inSlots, addresses: inSlots, tag_ids: listOf(id) };
const contact = z.extend(z.looseObject(own.shape), { company: z.nullish(z.looseObject({})), ...lists });
const page = z.object({ contacts: listOf(contact) });
const tag = z.object({ id, name: z.string() });
const tags = z.object({ tags: listOf(tag), next_page_token: textOrNone });
const definition = z.object({ id, field_name: textOrNone, label: textOrNone });
const model = z.object({ custom_fields: listOf(definition) });

const get = (target: Path, query = {}): CrmRequest => ({ method: 'GET', path: target, query });

function* readLabels(): Conversation<Map<string, string>> {
  const labels = new Map<string, string>();
  const query: Record<string, string> = { page_size: '1000' };
  do {
    const answer = tags.parse(yield get(path`tags`, { ...query }));
    for (const { id, name } of answer.tags) labels.set(id, name);
    query['page_token'] = answer.next_page_token ?? '';
  } while (query['page_token'] !== '');
  return labels;
}

function* readNames(): Conversation<FieldNames> {
  const { custom_fields } = model.parse(yield get(path`contacts/model`));
  return new Map(custom_fields.map(({ id, field_name, label }) => [id, [field_name, label]]));
}

function fieldsOf(one: z.infer<typeof contact>, names: FieldNames): Map<string, unknown> {
  const { company, email_addresses, phone_numbers, addresses, custom_fields, tag_ids: _tags, ...flat } = one;
  const fields = new Map<string, unknown>(Object.entries(flat)).set('company', company?.['company_name']);
  for (const { field, email, number } of [email_addresses ?? [], phone_numbers ?? []].flat())
    fields.set(field, email ?? number);
  for (const { field, ...parts } of addresses ?? [])
    for (const [part, value] of Object.entries(parts)) fields.set(`${field}.${part}`, value);
  const custom = new Map(custom_fields.map(({ id, content }) => [id, content]));
  addNamed(fields, custom, names);
  return fields;
}

function* load(key: ContactKey, wanted: readonly string[]): Conversation<Contact[]> {
  const fields = [...always, ...wanted.filter((field) => single.includes(field))].join(',');
  const found =
    'id' in key
      ? [contact.parse(yield get(path`contacts/${key.id}`, { fields }))]
      : page.parse(yield get(path`contacts`, { filter: `email==${key.email}`, fields })).contacts;
  const tagIds = found.flatMap(({ tag_ids }) => tag_ids);
  const labels = yield* remembered('tags', readLabels, (known) => tagIds.every((id) => known.has(id)));
  const own = found.flatMap(({ custom_fields }) => custom_fields);
  const names = yield* remembered('fields', readNames, (known) => own.every(({ id }) => known.has(id)));
  return found.map((one) => ({
    id: one.id,
    email: one.email_addresses?.find(({ field }) => field === 'EMAIL1')?.email ?? undefined,
    fields: fieldsOf(one, names),
    tags: cleanTags(one.tag_ids.map((id) => z.string().parse(labels.get(id)))),
  }));
}

/** What is left out of a written list is removed from the contact: the other custom fields have to go with it. */
function* write(id: string, field: string, value: string): Conversation<unknown> {
  const target = path`contacts/${id}`;
  const patch = (mask: string, content: unknown): CrmRequest => {
    const body = { json: { [mask]: content } };
    return { method: 'PATCH', path: target, query: { update_mask: mask }, body };
  };
  if (writable.includes(field)) return yield patch(field, value);
  const stored = own.parse(yield get(target, { fields: 'id,custom_fields' }));
  if (stored.id !== id) throw new Error('It holds another contact.');
  const names = yield* remembered('fields', readNames, (known) => fieldIdOf(field, known) !== undefined);
  const written = fieldIdOf(field, names);
  if (written === undefined) throw new CrmWriteRefused();
  const others = stored.custom_fields.filter((one) => one.id !== written && one.content != null);
  return yield patch('custom_fields', [{ id: written, content: value }, ...others]);
}

/** Keap, formerly Infusionsoft. API: https://developer.keap.com/docs/restv2/ */
export const keap: Connector = {
  title: 'Keap (Infusionsoft)',
  settings: z.object({}),
  secrets: { apiToken: 'personal access token or service account key' },
  webhook: { ids: [['contactId'], ['contact_id'], ['Id']], emails: [['Email']] },
  templateForms: [['~Contact.', '~']],
  contactId: (text) => (/^[1-9]\d{0,15}$/.test(text) ? text : undefined),
  api: () => ({
    baseUrl: 'https://api.keap.com/crm/rest/v2/',
    authorise: (request, { apiToken }) => ({ ...request, headers: { 'x-keap-api-key': apiToken } }),
    load,
    write,
    lists: keapLists,
    check: readNames,
    *fields() {
      return [...single, ...slots, ...allNames(yield* readNames())];
    },
  }),
  limits: {
    perSecond: 4,
    // A day's calls are used up: https://developer.keap.com/api-token-quota-and-usage-measurements/
    named: ({ 'x-keap-product-quota-available': left, 'x-keap-product-quota-expiry-time': until }, now) =>
      left === '0' && until ? { seconds: Math.ceil((Number(until) - now.getTime()) / 1000) } : {},
  },
  defaultFields: {
    user_email: mapped('EMAIL1'),
    first_name: mapped('given_name'),
    last_name: mapped('family_name'),
    phone: mapped('PHONE1'),
    company: mapped('company'),
    city: mapped('BILLING.locality'),
    country: mapped('BILLING.country_code'),
  },
  known: {
    tags: 'tags',
    checked: "the vendor's OpenAPI document",
    open: 'whether a contact without tags has an empty list of them, as it must',
  },
  notes: [
    'Custom fields are found by their name in the database or by their label. Lists, such as addresses and numbers, are only read.',
    'A contact that was merged into another, or deleted, is not found any more; the other one calls under its own id.',
  ],
  setup: (webhookUrl) => [
    'In Keap, open Automation > Advanced automations, open the automation, and in a sequence add "Send HTTP POST".',
    `URL: ${webhookUrl}`,
    'Name/value pair: contactId = ~Contact.Id~',
    'Press "Test", mark the step as ready, and publish the automation.',
  ],
};
