import * as z from 'zod';
import { type Connector, type Contact, type ContactKey, cleanTags, mapped } from '../connector.ts';
import { type Conversation, remembered } from '../conversation.ts';
import { CrmWriteRefused } from '../crm-errors.ts';
import { listOf } from '../list-of.ts';
import { activecampaignLists } from '../lists/activecampaign.ts';
import { type Path, path } from '../path.ts';

/** Ids come in quotes, in some answers without. */
const number = z.union([z.string().regex(/^\d+$/), z.int().nonnegative().transform(String)]);
const contact = z.looseObject({ id: number, email: z.string().nullable(), deleted: z.unknown() });
const record = z.object({ contact, fieldValues: listOf(z.object({ field: number, value: z.unknown() })) });
const hits = z.object({ contacts: listOf(contact) });
const label = z.object({ id: number, tag: z.string() });
const link = z.object({ id: number, contact: number, tag: number });
const field = z.object({ id: number, title: z.string(), perstag: z.string().nullish() });
const writableFields = ['email', 'firstName', 'lastName', 'phone'];

type Identified = z.ZodType<{ id: string }>;
type Rows<Row> = { rows: ReadonlyMap<string, z.output<Row>>; labels: ReadonlyMap<string, string> };

/** A whole list by its rows' ids, and the labels of tags that stand in it or beside it. */
function* allRows<Row extends Identified>(list: Path, name: string, row: Row): Conversation<Rows<Row>> {
  const meta = z.object({ total: z.coerce.number() }).optional();
  const page = z.object({ rows: listOf(row), meta, beside: listOf(label).optional() });
  const [rows, labels] = [new Map<string, z.output<Row>>(), new Map<string, string>()];
  let total = 1;
  for (let before = -1; before < rows.size && rows.size < total; ) {
    before = rows.size;
    const query = { ...(name === 'contactTags' && { include: 'tag' }), limit: '100', offset: String(before) };
    const answer = Object(yield { method: 'GET', path: list, query });
    const read = page.parse({ rows: answer[name], meta: answer.meta, beside: answer.tags });
    for (const one of read.rows) rows.set(one.id, one);
    for (const { id, tag } of read.beside ?? []) labels.set(id, tag);
    // 20, 40 … may be pages where no total is told: 20 is the vendor's usual one.
    total = read.meta?.total ?? (read.rows.length % 20 === 0 ? Number.POSITIVE_INFINITY : 0);
  }
  if (name === 'contactTags' && Number.isFinite(total)) z.int().min(total).parse(rows.size);
  return { rows, labels };
}

const allFields = () => allRows(path`fields`, 'fields', field);

/** Labels come beside the links, which nobody documents; where they do not, the account's list of tags has them. */
function* tagsOf(id: string): Conversation<string[]> {
  const linked = yield* allRows(path`contacts/${id}/contactTags`, 'contactTags', link);
  const links = [...linked.rows.values()];
  const isEnough = ({ labels }: Pick<typeof linked, 'labels'>) => links.every(({ tag }) => labels.has(tag));
  const all = () => allRows(path`tags`, 'tags', label);
  const { labels } = isEnough(linked) ? linked : yield* remembered('tags', all, isEnough);
  const own = z.object({ contact: z.literal(id), label: z.string() });
  return cleanTags(links.map(({ contact, tag }) => own.parse({ contact, label: labels.get(tag) }).label));
}

const namesOf = ({ id, title, perstag }: z.infer<typeof field>) => [...(perstag ? [perstag] : []), title, id];

/** Several choices are a text: `||mathematics||poetry||`. */
const readValue = (value: unknown) =>
  typeof value === 'string' && /^\|\|.+\|\|$/s.test(value) ? value.slice(2, -2).split('||') : value;

function* readContact(answer: unknown): Conversation<Contact[]> {
  const { contact, fieldValues } = record.parse(answer);
  // Its address is rewritten, and nobody is to get that.
  if (String(contact.deleted) === '1') return [];
  const fields = new Map(Object.entries(contact));
  const isEnough = ({ rows }: Rows<typeof field>) => fieldValues.every(({ field }) => rows.has(field));
  const { rows } = yield* remembered('fields', allFields, isEnough);
  for (const { field, value } of fieldValues) {
    const names = namesOf(rows.get(field) ?? { id: field, title: field });
    for (const name of names) if (!fields.has(name)) fields.set(name, readValue(value));
  }
  return [{ id: contact.id, email: contact.email ?? undefined, fields, tags: yield* tagsOf(contact.id) }];
}

/** A search gives neither fields nor tags. */
function* load(key: ContactKey): Conversation<Contact[]> {
  if ('id' in key) return yield* readContact(yield { method: 'GET', path: path`contacts/${key.id}` });
  const found = hits.parse(yield { method: 'GET', path: path`contacts`, query: { email: key.email } });
  const same = found.contacts.filter(({ email }) => email?.toLowerCase() === key.email.toLowerCase());
  const contacts: Contact[] = [];
  for (const { id } of same) contacts.push(...(yield* load({ id })));
  return contacts;
}

function* write(id: string, name: string, value: string): Conversation<unknown> {
  const isStandard = writableFields.includes(name);
  const find = ({ rows }: Rows<typeof field>) =>
    [...rows.values()].find((one) => namesOf(one).includes(name));
  const own = find(yield* remembered('fields', allFields, (all) => isStandard || find(all) !== undefined));
  if (!own && !isStandard) throw new CrmWriteRefused();
  const contact = isStandard ? { [name]: value } : { fieldValues: [{ field: own?.id, value }] };
  return yield { method: 'PUT', path: path`contacts/${id}`, body: { json: { contact } } };
}

const host = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.api-us1\.com|\.activehosted\.com)?$/i;

/** ActiveCampaign, version 3. API: https://developers.activecampaign.com/reference */
export const activecampaign: Connector<{ account: string }> = {
  title: 'ActiveCampaign',
  settings: z.object({
    account: z.string().regex(host).describe('The account (`acme`) or its host (`acme.api-us1.com`)'),
  }),
  secrets: { apiToken: 'API key' },
  webhook: {
    ids: [['contact', 'id']],
    emails: [['contact', 'email']],
    // Of lists, accounts, deals and campaigns there are events without a contact.
    isOurs: (event) => !Object.hasOwn(Object(event), 'type') || /"contact/.test(JSON.stringify(event)),
  },
  templateForms: [['%', '%']],
  contactId: (text) => (/^[1-9]\d{0,18}$/.test(text) ? text : undefined),
  api: ({ account }) => ({
    baseUrl: `https://${account}${account.includes('.') ? '' : '.api-us1.com'}/api/3/`,
    authorise: (request, { apiToken }) => ({ ...request, headers: { 'api-token': apiToken } }),
    load,
    write,
    lists: activecampaignLists,
    *check() {
      yield { method: 'GET', path: path`users/me` };
    },
    *fields() {
      const own = [...(yield* allFields()).rows.values()];
      return ['id', ...writableFields, 'cdate', 'udate', ...own.flatMap(namesOf)];
    },
  }),
  limits: { perSecond: 5 },
  defaultFields: {
    user_email: mapped('email'),
    first_name: mapped('firstName'),
    last_name: mapped('lastName'),
    phone: mapped('phone'),
  },
  known: {
    tags: 'tags',
    checked: "the vendor's OpenAPI document",
    open: 'whether labels come with the tags of a contact: where they do not, a dictionary is read',
  },
  notes: [
    'A custom field is found by its personalization tag (`COMPANY`), its title (`Company`) or its number. Several choices are a list.',
    'A contact that was deleted or anonymised counts as not there, though its id still answers: its address is no longer its own.',
    'A webhook that runs on changes by the API is called by a field that Usher writes, too; that ends after one pass.',
  ],
  setup: (webhookUrl) =>
    [
      'In ActiveCampaign, open Automations, edit the automation, press "+" and choose Conditions and Workflow > Webhook.',
      `URL: ${webhookUrl}`,
      'Press Save. There is no body to type: the contact is posted as a form.',
      'For every change of a contact instead: Settings > Developer > Manage Webhooks > Add, with the same URL, and "API" switched off.',
    ].join('\n'),
};
