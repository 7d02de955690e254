import * as z from 'zod';
import { type Connector, cleanTags, mapped } from '../connector.ts';
import { isEmpty, longest } from '../field-value.ts';
import { listOf } from '../list-of.ts';
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

/** Fields that `PUT users/{id}/` writes. Every other one is a custom attribute, written by its own call. */
const standardFields = new Set([
  'city',
  'country',
  'email',
  'facebook_url',
  'first_name',
  'gender',
  'google_url',
  'last_name',
  'linkedin_url',
  'name',
  'notifications',
  'phone_number',
  'region',
  'status',
  'timezone',
  'twitter_url',
  'unsubscribed',
]);

/** Fields of every user that are only read: https://apidocs.user.com/users/ */
const readOnlyFields = [
  'browser',
  'browser_language',
  'companies',
  'created_at',
  'custom_id',
  'first_seen',
  'gravatar_url',
  'id',
  'last_contacted',
  'last_ip',
  'last_seen',
  'lists',
  'os_type',
  'page_views',
  'resolution',
  'score',
  'updated_at',
  'user_id',
  'user_key',
];

/** UserEngage has one `name` only. Its first word is the first name, the rest the last name. */
function splitName(name: string): [first: string, last: string] {
  // No person is called like this, and no field that is read takes as much.
  if (name.length > longest) return ['', ''];
  const [first = '', ...rest] = name.trim().split(/\s+/);
  return [first, rest.join(' ')];
}

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
    /** The subdomain (`acme`) or the whole host (`acme.user.com`, `app.userengage.com`) of the account. */
    account: z
      .string()
      .toLowerCase()
      .refine((text) => subdomain.test(text) || host.test(text), {
        error: 'must be a subdomain of user.com or a host under user.com or userengage.com',
      }),
  }),
  baseUrl: ({ account }) => `https://${account.includes('.') ? account : `${account}.user.com`}/api/public/`,
  authenticate: (token) => ({ authorization: `Token ${token}`, accept: '*/*; version=2' }),
  // With "Exclude user info from call" there is no `user`; the marketer can add an id to `extra`.
  contactPaths: [
    ['user', 'id'],
    ['extra', 'contact_id'],
    ['extra', 'user_id'],
    ['extra', 'id'],
  ],
  templateForms: braces,
  contactId: (text) => (/^[1-9]\d{0,18}$/.test(text) ? text : undefined),
  loadById: (id) => ({ template: 'users/{id}/', method: 'GET', path: `users/${encodeURIComponent(id)}/` }),
  loadByEmail: (email) => ({
    template: 'users/search/?email={email}',
    method: 'GET',
    path: 'users/search/',
    query: { email },
  }),
  readContacts: (answer) =>
    users.parse(answer).map((one) => ({
      id: String(one.id),
      fields: fieldsOf(one),
      tags: cleanTags((one.tags ?? []).map((tag) => (typeof tag === 'object' ? (tag?.name ?? null) : tag))),
    })),
  writeField: (id, field, value) => {
    const body = Object.fromEntries([[field, value]]);
    const path = `users/${encodeURIComponent(id)}/`;
    return standardFields.has(field)
      ? { template: 'users/{id}/', method: 'PUT', path, body }
      : {
          template: 'users/{id}/set_multiple_attributes/',
          method: 'POST',
          path: `${path}set_multiple_attributes/`,
          body,
        };
  },
  writeCreatesContacts: false,
  testCredentials: () => ({ template: 'users/', method: 'GET', path: 'users/' }),
  listFields: (page) => ({
    template: 'attributes/?page={page}',
    method: 'GET',
    path: 'attributes/',
    query: { page: String(page) },
  }),
  readFields: (answer) => {
    const { next, results } = attributes.parse(answer);
    const custom = results.flatMap(({ name_std, name }) => [name_std, name].filter((one) => one != null));
    return { names: [...standardFields, ...readOnlyFields, ...custom], hasMore: Boolean(next) };
  },
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
  setup: (webhookUrl) =>
    [
      'In User.com, open the automation and add the module "API call".',
      `URL: ${webhookUrl}`,
      'Method: POST. Leave "Exclude user info from call" off: Usher reads user.id.',
      'Optional header: Content-Type: application/json.',
      'If the user info must stay out, append &contact_id={{ user.id }} to the URL.',
    ].join('\n'),
};
