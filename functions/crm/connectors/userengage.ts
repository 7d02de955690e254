import * as z from 'zod/mini';
import { type Connector, type Contact, type ContactKey, cleanTags, mapped } from '../connector.ts';
import { type Conversation, mostPages } from '../conversation.ts';
import { addUnset } from '../field-names.ts';
import { accountHost } from '../host.ts';
import { userengageLists } from '../lists/userengage.ts';
import { path } from '../path.ts';
import { described, digits, listOf, readAs, textOrNone } from '../schemas.ts';
import { addSplitName } from '../split-name.ts';
import { braces } from '../template-forms.ts';

const account = accountHost('user.com', 'userengage.com');
const definition = z.looseObject({ name: textOrNone, name_std: textOrNone });
/** Custom attributes as version 1 lists them. Version 2 may give them as flat keys instead; both are read. */
const named = z.looseObject({ name: z.nullable(z.string()) });
const user = z.looseObject({
  id: z.union([z.int(), digits]),
  name: textOrNone,
  // Every answer has them: `null` is a user without any, as it is for `attributes`. An answer without the key says nothing.
  tags: z.nullable(listOf(z.nullable(z.union([z.string(), named])))),
  attributes: z.nullish(listOf(z.nullable(z.extend(definition, { value: z.unknown() })))),
});
/** One user, a list, or a page: the search gives each of them, depending on the version and its options. */
const users = z.union([
  listOf(user),
  readAs(z.object({ results: listOf(user) }), (page) => page.results),
  readAs(user, (one) => [one]),
]);

/** A page of the account's custom attributes. */
const attributes = z.object({ next: textOrNone, results: listOf(definition) });

/** Fields that `PUT users/{id}/` writes. Every other one is a custom attribute, written by its own call. */
const standardFields = `city country email facebook_url first_name gender google_url last_name
  linkedin_url name notifications phone_number region status timezone twitter_url unsubscribed`.split(/\s+/);
/** Fields of every user that are only read: https://apidocs.user.com/users/ */
const readOnlyFields = `browser browser_language companies created_at custom_id first_seen
  gravatar_url id last_contacted last_ip last_seen lists os_type page_views resolution score updated_at
  user_id user_key`.split(/\s+/);

function fieldsOf({ attributes, tags: _tags, ...standard }: z.infer<typeof user>): Map<string, unknown> {
  const fields = new Map<string, unknown>(Object.entries(standard));
  const custom = (attributes ?? []).filter((attribute) => attribute !== null);
  // Under one name may stand several things.
  for (const { name_std, value } of custom) if (name_std) addUnset(fields, name_std, value);
  for (const { name, value } of custom) if (name) addUnset(fields, name, value);
  addSplitName(fields, standard.name);
  return fields;
}

function readContacts(answer: unknown): Contact[] {
  return users.parse(answer).map((one) => {
    const fields = fieldsOf(one);
    const email = fields.get('email');
    return {
      id: String(one.id),
      email: typeof email === 'string' ? email : undefined,
      fields,
      tags: cleanTags((one.tags ?? []).map((tag) => (typeof tag === 'object' ? (tag?.name ?? null) : tag))),
    };
  });
}

function* load(key: ContactKey): Conversation<Contact[]> {
  if ('id' in key) return readContacts(yield { method: 'GET', path: path`users/${key.id}/` });
  return readContacts(yield { method: 'GET', path: path`users/search/`, query: { email: key.email } });
}

function* write(id: string, field: string, value: string): Conversation<unknown> {
  const body = { json: Object.fromEntries([[field, value]]) };
  return standardFields.includes(field)
    ? yield { method: 'PUT', path: path`users/${id}/`, body }
    : yield { method: 'POST', path: path`users/${id}/set_multiple_attributes/`, body };
}

function* listFields(): Conversation<string[]> {
  const names = [...standardFields, ...readOnlyFields];
  for (let page = 1; page <= mostPages; page += 1) {
    const answer = yield { method: 'GET', path: path`attributes/`, query: { page: String(page) } };
    const { next, results } = attributes.parse(answer);
    const all = results.flatMap(({ name_std, name }) => [name_std, name]);
    names.push(...all.filter((one) => typeof one === 'string'));
    if (!next) break;
  }
  return names;
}

/**
 * UserEngage, now User.com. API: https://docs.user.com/api
 * Every path ends in a slash: without it the API redirects and drops the body.
 */
export const userengage: Connector<{ account: string }> = {
  title: 'UserEngage (User.com)',
  settings: z.object({
    account: described(account, 'Its subdomain (`acme`) or host (`acme.user.com`, `app.userengage.com`)'),
  }),
  secrets: { apiToken: 'API key' },
  webhook: {
    // With "Exclude user info from call" there is no `user`; the marketer can add an id to `extra`.
    ids: [
      ['user', 'id'],
      ['extra', 'contact_id'],
      ['extra', 'user_id'],
      ['extra', 'id'],
    ],
  },
  templateForms: braces,
  contactId: (text) => (/^[1-9]\d{0,18}$/.test(text) ? text : undefined),
  api: ({ account }) => ({
    baseUrl: `https://${account}/api/public/`,
    authorise: (request, { apiToken }) => ({
      ...request,
      headers: { authorization: `Token ${apiToken}`, accept: '*/*; version=2' },
    }),
    load,
    write,
    lists: userengageLists,
    *check() {
      yield { method: 'GET', path: path`users/` };
    },
    fields: listFields,
  }),
  defaultFields: {
    user_email: mapped('email'),
    first_name: mapped('first_name'),
    last_name: mapped('last_name'),
    display_name: mapped('name'),
    phone: mapped('phone_number'),
    country: mapped('country'),
    region: mapped('region'),
    city: mapped('city'),
  },
  known: {
    tags: 'tags',
    checked: "the vendor's documentation",
    open: 'which of two documented shapes an account answers: both are read',
  },
  notes: [
    'Custom attributes are found by their standard name (`name_std`) or by their title. One that is empty hides nothing: where an',
    'account has a `first_name` of its own, contacts without it get the first word of `name`.',
  ],
  setup: (webhookUrl) => [
    'In User.com, open the automation and add the module "API call".',
    `URL: ${webhookUrl}`,
    'Method: POST. Leave "Exclude user info from call" off: Usher reads user.id.',
    'Optional header: Content-Type: application/json.',
    'If the user info must stay out, append &contact_id={{ user.id }} to the URL.',
  ],
};
