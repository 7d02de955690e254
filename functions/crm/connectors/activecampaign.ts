import * as z from 'zod/mini';
import { type Connector, type Contact, type ContactKey, cleanTags, mapped } from '../connector.ts';
import { type Conversation, type CrmRequest, remembered } from '../conversation.ts';
import { CrmWriteRefused } from '../crm-errors.ts';
import { addNamed, allNames, type FieldNames, fieldIdOf } from '../field-names.ts';
import { accountHost } from '../host.ts';
import { activecampaignLists } from '../lists/activecampaign.ts';
import { loadFound } from '../load-found.ts';
import { type Path, path } from '../path.ts';
import { described, digits, listOf, readAs, textOrNone } from '../schemas.ts';

/** Ids come in quotes, in some answers without. */
const anything = z.optional(z.unknown());
const number = z.union([digits, readAs(z.int().check(z.nonnegative()), String)]);

const contact = z.looseObject({ id: number, email: z.nullable(z.string()), deleted: anything });
const filled = z.object({ field: number, value: anything });
const record = z.object({ contact, fieldValues: listOf(filled) });
const hits = z.object({ contacts: listOf(contact) });
const label = z.object({ id: number, tag: z.string() });
const link = z.object({ id: number, contact: number, tag: number });
const field = z.object({ id: number, title: z.string(), perstag: textOrNone });
const account = accountHost('api-us1.com', 'activehosted.com');
const writableFields = ['email', 'firstName', 'lastName', 'phone'];

type Identified = z.ZodMiniType<{ id: string }>;
type Rows<Row> = { rows: ReadonlyMap<string, z.output<Row>>; labels: ReadonlyMap<string, string> };

/** A whole list by its rows' ids, and the labels of tags that stand in it or beside it. */
function* allRows<Row extends Identified>(list: Path, name: string, row: Row): Conversation<Rows<Row>> {
  const meta = z.optional(z.object({ total: z.coerce.number() }));
  const page = z.object({ rows: listOf(row), meta, beside: z.optional(listOf(label)) });
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
  if (name === 'contactTags' && Number.isFinite(total)) z.int().check(z.gte(total)).parse(rows.size);
  return { rows, labels };
}

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

function* readNames(): Conversation<FieldNames> {
  const { rows } = yield* allRows(path`fields`, 'fields', field);
  return new Map([...rows.values()].map(({ id, title, perstag }) => [id, [perstag, title, id]]));
}

/** Several choices are a text: `||mathematics||poetry||`. */
const readValue = (value: unknown) =>
  typeof value === 'string' && value.startsWith('||') ? value.split('||').filter(Boolean) : value;

function* readContact(answer: unknown): Conversation<Contact[]> {
  const { contact, fieldValues } = record.parse(answer);
  // Its address is rewritten, and nobody is to get that.
  if (String(contact.deleted) === '1') return [];
  const fields = new Map(Object.entries(contact));
  const values = new Map(fieldValues.map(({ field, value }) => [field, readValue(value)]));
  const isEnough = (known: FieldNames) => [...values.keys()].every((id) => known.has(id));
  const names = yield* remembered('fields', readNames, isEnough);
  // A field that was deleted has its number, no more.
  const numbers = [...values.keys()].map((id): [string, [string]] => [id, [id]]);
  addNamed(fields, values, new Map([...numbers, ...names]));
  return [{ id: contact.id, email: contact.email ?? undefined, fields, tags: yield* tagsOf(contact.id) }];
}

/** A search gives neither fields nor tags. */
function* load(key: ContactKey): Conversation<Contact[]> {
  if ('id' in key) return yield* readContact(yield { method: 'GET', path: path`contacts/${key.id}` });
  const found = hits.parse(yield { method: 'GET', path: path`contacts`, query: { email: key.email } });
  const same = found.contacts.filter(({ email }) => email?.toLowerCase() === key.email.toLowerCase());
  return yield* loadFound(same, (id) => load({ id }));
}

function* write(id: string, name: string, value: string): Conversation<unknown> {
  const target = path`contacts/${id}`;
  const put = (contact: object): CrmRequest => ({ method: 'PUT', path: target, body: { json: { contact } } });
  if (writableFields.includes(name)) return yield put({ [name]: value });
  const isEnough = (known: FieldNames) => fieldIdOf(name, known) !== undefined;
  const own = fieldIdOf(name, yield* remembered('fields', readNames, isEnough));
  if (own === undefined) throw new CrmWriteRefused();
  return yield put({ fieldValues: [{ field: own, value }] });
}

/** ActiveCampaign, version 3. API: https://developers.activecampaign.com/reference */
export const activecampaign: Connector<{ account: string }> = {
  title: 'ActiveCampaign',
  settings: z.object({ account: described(account, 'The account (`acme`) or host (`acme.api-us1.com`)') }),
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
    baseUrl: `https://${account}/api/3/`,
    authorise: (request, { apiToken }) => ({ ...request, headers: { 'api-token': apiToken } }),
    load,
    write,
    lists: activecampaignLists,
    *check() {
      yield { method: 'GET', path: path`users/me` };
    },
    *fields() {
      return ['id', ...writableFields, 'cdate', 'udate', ...allNames(yield* readNames())];
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
  setup: (webhookUrl) => [
    'In ActiveCampaign, open Automations, edit the automation, press "+" and choose Conditions and Workflow > Webhook.',
    `URL: ${webhookUrl}`,
    'Press Save. There is no body to type: the contact is posted as a form.',
    'For every change of a contact instead: Settings > Developer > Manage Webhooks > Add, with the same URL, and "API" switched off.',
  ],
};
