import * as z from 'zod';
import { type Connector, type Contact, type ContactKey, cleanTags, mapped } from '../connector.ts';
import type { Conversation } from '../conversation.ts';
import { isEmpty, longest } from '../field-value.ts';
import { listOf } from '../list-of.ts';
import { userengageLists } from '../lists/userengage.ts';
import { path } from '../path.ts';
import { splitName } from '../split-name.ts';
import { braces } from '../template-forms.ts';
import { isLongerThan } from '../value-length.ts';

const definition = z.looseObject({ name: z.string().nullish(), name_std: z.string().nullish() });
/** Custom attributes as version 1 lists them. Version 2 may give them as flat keys instead; both are read. */
const attribute = definition.extend({ value: z.unknown() });
const user = z.looseObject({
  id: z.union([z.int(), z.string().regex(/^\d+$/)]),
  name: z.string().nullish(),
  // Every answer has them: `null` is a user without any, as it is for `attributes`. An answer without the key says nothing.
  tags: listOf(z.union([z.string(), z.looseObject({ name: z.string().nullable() })]).nullable()).nullable(),
  attributes: listOf(attribute.nullable()).nullish(),
});
/** One user, a list, or a page: the search gives each of them, depending on the version and its options. */
const users = z.union([
  listOf(user),
  z.object({ results: listOf(user) }).transform((page) => page.results),
  user.transform((one) => [one]),
]);

/** A page of the account's custom attributes. */
const attributes = z.object({
  next: z.string().nullish(),
  results: listOf(definition),
});

const words = (text: string) => text.split(/\s+/);

/** Fields that `PUT users/{id}/` writes. Every other one is a custom attribute, written by its own call. */
const standardFields = new Set(
  words(`city country email facebook_url first_name gender google_url last_name linkedin_url name
    notifications phone_number region status timezone twitter_url unsubscribed`),
);

/** Fields of every user that are only read: https://apidocs.user.com/users/ */
const readOnlyFields =
  words(`browser browser_language companies created_at custom_id first_seen gravatar_url id
  last_contacted last_ip last_seen lists os_type page_views resolution score updated_at user_id
  user_key`);

/** Empty, as far as it is short enough to be looked at. */
const isUnset = (value: unknown) => !isLongerThan(value, longest) && isEmpty(value);

function fieldsOf({ attributes, tags: _tags, ...standard }: z.infer<typeof user>): Map<string, unknown> {
  const fields = new Map<string, unknown>(Object.entries(standard));
  // Under one name may stand several things, of which an empty one hides none.
  const addMissing = (name: string | null | undefined, value: unknown) => {
    if (name && isUnset(fields.get(name))) fields.set(name, value);
  };
  const custom = (attributes ?? []).filter((attribute) => attribute !== null);
  for (const { name_std, value } of custom) addMissing(name_std, value);
  for (const { name, value } of custom) addMissing(name, value);
  const [first, last] = splitName(standard.name ?? '');
  addMissing('first_name', first);
  addMissing('last_name', last);
  return fields;
}

/** No account has so many pages of attributes; one that always names a next page must not keep us for ever. */
const mostPages = 50;

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
  return standardFields.has(field)
    ? yield { method: 'PUT', path: path`users/${id}/`, body }
    : yield { method: 'POST', path: path`users/${id}/set_multiple_attributes/`, body };
}

function* listFields(): Conversation<string[]> {
  const names = [...standardFields, ...readOnlyFields];
  for (let page = 1; page <= mostPages; page += 1) {
    const answer = yield { method: 'GET', path: path`attributes/`, query: { page: String(page) } };
    const { next, results } = attributes.parse(answer);
    for (const { name_std, name } of results) {
      names.push(...[name_std, name].filter((one) => typeof one === 'string'));
    }
    if (!next) break;
  }
  return names;
}

const subdomain = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const host = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+(user|userengage)\.com$/;

/**
 * UserEngage, now User.com. API: https://docs.user.com/api
 *
 * Every path ends in a slash: without it the API redirects and drops the body.
 */
export const userengage: Connector<{ account: string }> = {
  title: 'UserEngage (User.com)',
  settings: z.object({
    account: z
      .string()
      .toLowerCase()
      .refine((text) => subdomain.test(text) || host.test(text), {
        error: 'must be a subdomain of user.com or a host under user.com or userengage.com',
      })
      .describe(
        'The subdomain (`acme`) or whole host (`acme.user.com`, `app.userengage.com`) of the account',
      ),
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
    baseUrl: `https://${account.includes('.') ? account : `${account}.user.com`}/api/public/`,
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
  setup: (webhookUrl) =>
    [
      'In User.com, open the automation and add the module "API call".',
      `URL: ${webhookUrl}`,
      'Method: POST. Leave "Exclude user info from call" off: Usher reads user.id.',
      'Optional header: Content-Type: application/json.',
      'If the user info must stay out, append &contact_id={{ user.id }} to the URL.',
    ].join('\n'),
};
