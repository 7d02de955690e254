import * as z from 'zod/mini';
import { type Connector, type Contact, type ContactKey, cleanTags, mapped } from '../connector.ts';
import type { Conversation, CrmRequest } from '../conversation.ts';
import { CrmWriteRefused } from '../crm-errors.ts';
import { omnisendLists } from '../lists/omnisend.ts';
import { path } from '../path.ts';
import { listOf, notEmpty, textOrNone } from '../schemas.ts';

const person = z.looseObject({
  id: notEmpty,
  // Some have a telephone number only.
  email: textOrNone,
  tags: listOf(z.string()),
  customProperties: z.nullish(z.looseObject({})),
});
const people = z.object({ contacts: listOf(person) });
const limited = z.object({ retryAfter: z.number() });

const writableFields =
  'firstName lastName country countryCode state city address postalCode gender birthdate'.split(' ');
/** Of every contact, and only read: an address is changed by nobody's PATCH. */
const readOnlyFields = 'id email phone status createdAt updatedAt'.split(' ');

function readContact(answer: unknown): Contact {
  const { tags, customProperties, ...standard } = person.parse(answer);
  // A property of the shop's own hides none of these, above all not the address.
  const fields = new Map([...Object.entries(customProperties ?? {}), ...Object.entries(standard)]);
  return { id: standard.id, email: standard.email ?? undefined, fields, tags: cleanTags(tags) };
}

function* load(key: ContactKey): Conversation<Contact[]> {
  if ('id' in key) return [readContact(yield { method: 'GET', path: path`contacts/${key.id}` })];
  const query = { email: key.email, limit: '10' };
  const { contacts } = people.parse(yield { method: 'GET', path: path`contacts`, query });
  return contacts.map(readContact);
}

/** Whether custom properties that are not named stay nobody documents: they are sent along. */
function* write(id: string, field: string, value: string): Conversation<unknown> {
  if (readOnlyFields.includes(field)) throw new CrmWriteRefused();
  let json: object = Object.fromEntries([[field, value]]);
  if (!writableFields.includes(field)) {
    const known = person.parse(yield { method: 'GET', path: path`contacts/${id}` });
    const kept = Object.entries(z.literal(id).parse(known.id) && (known.customProperties ?? {}));
    json = { customProperties: Object.fromEntries([...kept, [field, value]]) };
  }
  return yield { method: 'PATCH', path: path`contacts/${id}`, body: { json } };
}

const sample = (limit: number): CrmRequest => ({
  method: 'GET',
  path: path`contacts`,
  query: { limit: String(limit) },
});

/** Omnisend, its API of 2026-03-15: https://api-docs.omnisend.com/reference */
export const omnisend: Connector = {
  title: 'Omnisend',
  settings: z.object({}),
  secrets: { apiToken: 'API key' },
  webhook: {
    ids: [['id'], ['contact_id'], ['contactID']],
    emails: [['email'], ['contactEmail'], ['contact', 'email']],
  },
  templateForms: [['[[', ']]']],
  contactId: (text) => (/^[0-9a-f]{24}$/i.test(text) ? text.toLowerCase() : undefined),
  api: () => ({
    baseUrl: 'https://api.omnisend.com/api/',
    authorise: (request, { apiToken }) => ({
      ...request,
      headers: { authorization: `Omnisend-API-Key ${apiToken}`, 'omnisend-version': '2026-03-15' },
    }),
    load,
    write,
    lists: omnisendLists,
    *check() {
      yield sample(1);
    },
    // No call lists the names of custom properties: those of a page of contacts.
    *fields() {
      const { contacts } = people.parse(yield sample(100));
      const own = contacts.flatMap(({ customProperties }) => Object.keys(customProperties ?? {}));
      return [...readOnlyFields, ...writableFields, ...own];
    },
    meaning({ status, body }) {
      if (status === 429) return { limited: limited.safeParse(body).data?.retryAfter };
      // The version that is asked for is retired: it says nothing of a contact or a field.
      return status === 410 ? 'invalid' : undefined;
    },
  }),
  // 400 a minute.
  limits: { perSecond: 6 },
  defaultFields: {
    user_email: mapped('email'),
    first_name: mapped('firstName'),
    last_name: mapped('lastName'),
    phone: mapped('phone'),
    birthday: mapped('birthdate', 'date'),
    country: mapped('country'),
    region: mapped('state'),
    city: mapped('city'),
  },
  hasSeenFields: true,
  known: {
    tags: 'tags',
    checked: "the vendor's OpenAPI document of 2026-03-15",
    open: 'whether a contact without tags has an empty list of them: an answer without the list is refused; whether a write keeps custom properties that it does not name: all are sent',
  },
  notes: [
    'Custom properties are found by their names; `usher doctor` knows those that the newest hundred contacts have.',
    'Addresses, telephone numbers and the status cannot be written.',
    'Who unsubscribed is still there: `status` says so. Who was deleted or merged into another contact is not.',
    'Automations run on events, not on changes of a field: what Usher writes calls no webhook.',
  ],
  setup: (webhookUrl) => [
    'In Omnisend (a paid plan), open Automations, edit the workflow and add the action "Webhook".',
    `URL: ${webhookUrl}`,
    'Method: POST. No header is needed.',
    'Body: {"email": "[[contact.email]]"}',
    'Save, and switch the workflow on.',
  ],
};
