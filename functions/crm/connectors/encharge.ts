import * as z from 'zod/mini';
import { type Connector, type Contact, type ContactKey, cleanTags, mapped } from '../connector.ts';
import type { Conversation } from '../conversation.ts';
import { ContactNotFound } from '../crm-errors.ts';
import { enchargeLists } from '../lists/encharge.ts';
import { path } from '../path.ts';
import { listOf, notEmpty } from '../schemas.ts';
import { braces } from '../template-forms.ts';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Ids are UUIDs, in which case does not matter; whatever else a marketer sends is looked up as it is. */
const spell = (id: string) => (uuid.test(id) ? id.toLowerCase() : id);

/** Tags are one comma-separated string, absent when there are none. Anything else is not an answer. */
const person = z.looseObject({
  id: notEmpty,
  tags: z.nullish(z.union([z.string(), listOf(z.nullable(z.string()))])),
});
const people = z.object({ users: listOf(person) });
const fields = z.object({ items: listOf(z.looseObject({ name: z.string() })) });

function* load(key: ContactKey): Conversation<Contact[]> {
  const query = 'id' in key ? { 'people[0][id]': key.id } : { 'people[0][email]': key.email };
  const { users } = people.parse(yield { method: 'GET', path: path`people`, query });
  return users.map(({ id, tags, ...fields }) => ({
    id: spell(id),
    email: typeof fields['email'] === 'string' ? fields['email'] : undefined,
    fields: new Map(Object.entries(fields)),
    tags: cleanTags(typeof tags === 'string' ? tags.split(',') : (tags ?? [])),
  }));
}

/** Writing to an unknown id creates a person: look first. */
function* write(id: string, field: string, value: string): Conversation<unknown> {
  const found = yield* load({ id });
  if (!found.some((person) => person.id === id)) throw new ContactNotFound();
  const person = Object.fromEntries([
    ['id', id],
    [field, value],
  ]);
  return yield { method: 'POST', path: path`people`, body: { json: [person] } };
}

/**
 * Encharge. API: https://app-encharge-resources.s3.amazonaws.com/redoc.html
 *
 * Its person-by-id call answers 200 with an empty list as well as 404 for an unknown person.
 */
export const encharge: Connector = {
  title: 'Encharge',
  settings: z.object({}),
  secrets: { apiToken: 'API key' },
  // A flow's webhook body is typed by the marketer (`{"id": …}`); an event subscription posts `endUserData`.
  webhook: { ids: [['id'], ['endUserData', 'id']] },
  templateForms: braces,
  contactId: spell,
  api: () => ({
    baseUrl: 'https://api.encharge.io/v1/',
    authorise: (request, { apiToken }) => ({ ...request, headers: { 'x-encharge-token': apiToken } }),
    load,
    write,
    lists: enchargeLists,
    // Not accounts/info: some accounts let an API key read people, which is all that is needed, and want OAuth for that.
    *check() {
      yield { method: 'GET', path: path`people/all`, query: { limit: '1' } };
    },
    *fields() {
      const { items } = fields.parse(yield { method: 'GET', path: path`fields` });
      return items.map(({ name }) => name);
    },
  }),
  defaultFields: {
    user_email: mapped('email'),
    first_name: mapped('firstName'),
    last_name: mapped('lastName'),
    display_name: mapped('name'),
    phone: mapped('phone'),
    company: mapped('company'),
    country: mapped('country'),
    city: mapped('city'),
  },
  known: {
    tags: 'tags',
    checked: "the vendor's OpenAPI document",
    open: 'whether a real account answers as the document says',
  },
  setup: (webhookUrl) => [
    'In Encharge, open the flow and add the action step "Send Webhook".',
    `URL: ${webhookUrl}`,
    'Method: POST. Content type: JSON.',
    'Body: {"id": "{{ person.id }}"}',
    'Press "Send test": the answer says what happened to the person it sent.',
  ],
};
