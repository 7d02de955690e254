import * as z from 'zod/mini';
import { type Connector, type Contact, type ContactKey, cleanTags, mapped } from '../connector.ts';
import { type Conversation, mostPages, remembered } from '../conversation.ts';
import { CrmWriteRefused } from '../crm-errors.ts';
import { brevoLists } from '../lists/brevo.ts';
import { path } from '../path.ts';
import { listOf, textOrNone } from '../schemas.ts';
import { braces } from '../template-forms.ts';

const person = z.looseObject({
  id: z.int().check(z.positive()),
  // Some have a telephone number only.
  email: textOrNone,
  listIds: listOf(z.int()),
  attributes: z.looseObject({}),
});
const page = z.object({
  count: z.nullish(z.int()),
  lists: z.nullish(listOf(z.object({ id: z.int(), name: z.string() }))),
});
const attributes = z.object({ attributes: listOf(z.object({ name: z.string() })) });

const standardFields = ['id', 'email', 'emailBlacklisted', 'smsBlacklisted', 'createdAt', 'modifiedAt'];

const pageSize = 50;
function* allLists(): Conversation<ReadonlyMap<number, string>> {
  const names = new Map<number, string>();
  for (let offset = 0; offset < mostPages * pageSize; offset += pageSize) {
    const query = { limit: String(pageSize), offset: String(offset) };
    const { count, lists } = page.parse(yield { method: 'GET', path: path`contacts/lists`, query });
    for (const { id, name } of lists ?? []) names.set(id, name);
    if (!lists?.length || (count ? names.size >= count : lists.length < pageSize)) break;
  }
  return names;
}

/** A list without a name makes no tag, and the whole answer counts as none. */
function* listNames(ids: readonly number[]): Conversation<string[]> {
  if (ids.length === 0) return [];
  const names = yield* remembered('lists', allLists, (known) => ids.every((id) => known.has(id)));
  return cleanTags(ids.map((id) => z.string().parse(names.get(id))));
}

/** A bare number could be an id or a telephone number: the type is always said. */
function* load(key: ContactKey): Conversation<Contact[]> {
  const answer = yield 'id' in key
    ? { method: 'GET', path: path`contacts/${key.id}`, query: { identifierType: 'contact_id' } }
    : { method: 'GET', path: path`contacts/${key.email}`, query: { identifierType: 'email_id' } };
  const { attributes, listIds, statistics: _statistics, ...standard } = person.parse(answer);
  const fields = new Map([...Object.entries(standard), ...Object.entries(attributes)]);
  const email = standard.email ?? undefined;
  return [{ id: String(standard.id), email, fields, tags: yield* listNames(listIds) }];
}

function* allAttributes(): Conversation<string[]> {
  const answer = attributes.parse(yield { method: 'GET', path: path`contacts/attributes` });
  return answer.attributes.map(({ name }) => name);
}

/** An attribute that the account does not have is skipped without a word: look first. */
function* write(id: string, field: string, value: string): Conversation<unknown> {
  const name = field === 'email' ? 'EMAIL' : field;
  const isThere = (known: readonly string[]) => name === 'EMAIL' || known.includes(name);
  if (!isThere(yield* remembered('attributes', allAttributes, isThere))) throw new CrmWriteRefused();
  const body = { json: { attributes: Object.fromEntries([[name, value]]) } };
  return yield { method: 'PUT', path: path`contacts/${id}`, query: { identifierType: 'contact_id' }, body };
}

/** What happens to a mail on its way says nothing new of a contact. */
const ofMails =
  /^(sent|request|delivered|deferred|blocked|error|spam|click(ed)?|invalid(_email)?|(unique_?)?(proxy_?)?open(ed)?|(hard|soft)_?bounce)$/i;

/** Brevo, which was Sendinblue. API: https://developers.brevo.com/reference */
export const brevo: Connector = {
  title: 'Brevo',
  settings: z.object({}),
  secrets: { apiToken: 'API key' },
  webhook: {
    // Not `id`: in a marketing webhook it is the webhook's.
    ids: [['contact_id'], ['properties', 'contact_id']],
    emails: [['email']],
    isOurs: (event) => !ofMails.test(String(Object(event).event)),
  },
  templateForms: braces,
  contactId: (text) =>
    /^[1-9]\d{0,15}$/.test(text) && Number.isSafeInteger(Number(text)) ? text : undefined,
  api: () => ({
    baseUrl: 'https://api.brevo.com/v3/',
    authorise: (request, { apiToken }) => ({ ...request, headers: { 'api-key': apiToken } }),
    load,
    write,
    lists: brevoLists,
    *check() {
      yield { method: 'GET', path: path`account` };
    },
    *fields() {
      return [...standardFields, ...(yield* allAttributes())];
    },
  }),
  limits: {
    perSecond: 10,
    named: (headers) => {
      const seconds = Number(headers['x-sib-ratelimit-reset']);
      return seconds > 0 ? { seconds } : {};
    },
  },
  defaultFields: {
    user_email: mapped('email'),
    first_name: mapped('FIRSTNAME'),
    last_name: mapped('LASTNAME'),
    phone: mapped('SMS'),
  },
  known: {
    tags: 'lists, by their names',
    checked: "the vendor's SDK and an OpenAPI document by others",
    open: 'the names in the body that the new automation editor sends; how an account answers for an unknown attribute',
  },
  notes: [
    "Brevo has no tags for contacts: a user's tags are the names of the lists that the contact is in and has not left.",
    'Attributes are called in capitals; accounts in other languages may have `PRENOM` or `VORNAME` in place of `FIRSTNAME`. One of the',
    "type category comes as the number of its choice. Values that do not fit an attribute's type are skipped by Brevo when written.",
    'Of two contacts that were merged one remains; the other is not there any more.',
    'A marketing webhook on changed contacts is called by a field that Usher writes, too; that ends after one pass.',
  ],
  setup: (webhookUrl) => [
    'In Brevo, open Automations, edit the automation and add the action "Webhook" ("Call a webhook" in the classic editor).',
    `URL: ${webhookUrl}`,
    'Leave the body as it is: it holds contact_id and email. In the classic editor tick "Send contact properties".',
    'For every change of a contact instead: Contacts > Settings > Webhooks, with the same URL.',
  ],
};
