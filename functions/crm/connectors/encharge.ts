import * as z from 'zod';
import { type Connector, cleanTags, mapped } from '../connector.ts';
import { listOf } from '../list-of.ts';
import { braces } from '../template-forms.ts';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Ids are UUIDs, in which case does not matter; whatever else a marketer sends is looked up as it is. */
const spell = (id: string) => (uuid.test(id) ? id.toLowerCase() : id);

/** Tags are one comma-separated string, absent when there are none. Anything else is not an answer. */
const person = z.looseObject({
  id: z.string().min(1),
  tags: z.union([z.string(), listOf(z.string().nullable())]).nullish(),
});
const people = z.object({ users: listOf(person) });
const fields = z.object({ items: listOf(z.looseObject({ name: z.string() })) });

/**
 * Encharge. API: https://app-encharge-resources.s3.amazonaws.com/redoc.html
 *
 * Its person-by-id call answers 200 with an empty list as well as 404 for an unknown person.
 */
export const encharge: Connector = {
  title: 'Encharge',
  settings: z.object({}),
  baseUrl: () => 'https://api.encharge.io/v1/',
  authenticate: (token) => ({ 'x-encharge-token': token }),
  // A flow's webhook body is typed by the marketer (`{"id": …}`); an event subscription posts `endUserData`.
  contactPaths: [['id'], ['endUserData', 'id']],
  templateForms: braces,
  contactId: spell,
  loadById: (id) => ({
    template: 'people?people[0][id]={id}',
    method: 'GET',
    path: 'people',
    query: { 'people[0][id]': id },
  }),
  loadByEmail: (email) => ({
    template: 'people?people[0][email]={email}',
    method: 'GET',
    path: 'people',
    query: { 'people[0][email]': email },
  }),
  readContacts: (answer) =>
    people.parse(answer).users.map(({ id, tags, ...fields }) => ({
      id: spell(id),
      fields: new Map(Object.entries(fields)),
      tags: cleanTags(typeof tags === 'string' ? tags.split(',') : (tags ?? [])),
    })),
  writeField: (id, field, value) => ({
    template: 'people',
    method: 'POST',
    path: 'people',
    body: [
      Object.fromEntries([
        ['id', id],
        [field, value],
      ]),
    ],
  }),
  writeCreatesContacts: true,
  // Not accounts/info: some accounts let an API key read people, which is all that is needed, and want OAuth for that.
  testCredentials: () => ({
    template: 'people/all?limit=1',
    method: 'GET',
    path: 'people/all',
    query: { limit: '1' },
  }),
  listFields: () => ({ template: 'fields', method: 'GET', path: 'fields' }),
  readFields: (answer) => ({ names: fields.parse(answer).items.map(({ name }) => name), hasMore: false }),
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
  setup: (webhookUrl) =>
    [
      'In Encharge, open the flow and add the action step "Send Webhook".',
      `URL: ${webhookUrl}`,
      'Method: POST. Content type: JSON.',
      'Body: {"id": "{{ person.id }}"}',
      'Press "Send test": the answer says what happened to the person it sent.',
    ].join('\n'),
};
