import * as z from 'zod/mini';
import { type Connector, type Contact, type ContactKey, cleanTags, mapped } from '../connector.ts';
import type { Conversation } from '../conversation.ts';
import { klaviyoLists } from '../lists/klaviyo.ts';
import { type Path, path } from '../path.ts';
import { described, listOf, notEmpty, textOrNone } from '../schemas.ts';
import { braces } from '../template-forms.ts';

const values = z.nullish(z.record(z.string(), z.unknown()));
const profile = z.object({
  id: notEmpty,
  attributes: z.looseObject({ email: textOrNone, location: values, properties: values }),
});
type Profile = z.infer<typeof profile>;
const profiles = z.object({ data: listOf(profile) });
const groups = z.object({
  data: listOf(z.object({ attributes: z.object({ name: z.string() }) })),
  links: z.nullish(z.object({ next: textOrNone })),
});

/** What stands apart from custom properties, and can be written. */
const words = 'email phone_number external_id first_name last_name organization locale title image';
const basic = words.split(' ');
const own = [...basic, 'created', 'updated', 'last_event_date'];
const places = 'address1 address2 city country latitude longitude region zip timezone ip'.split(' ');
const source = z._default(z.enum(['lists', 'segments', 'both']), 'lists');
const [revision, jsonApi] = ['2026-07-15', 'application/vnd.api+json'];

/** A custom property that is called as something that every profile has is `properties.<name>`. */
function fieldsOf({ attributes: { location, properties, ...standard } }: Profile): Map<string, unknown> {
  const nameOf = (name: string) => (own.includes(name) ? `properties.${name}` : name);
  return new Map([
    ...Object.entries(properties ?? {}).map(([name, value]) => [nameOf(name), value] as const),
    ...Object.entries(location ?? {}).map(([name, value]) => [`location.${name}`, value] as const),
    ...Object.entries(standard),
  ]);
}

/** The names of all lists or segments of a profile. A page that goes on with itself is the last. */
function* namesOf(all: Path, kind: string, cursor?: string): Conversation<string[]> {
  const query = { [`fields[${kind}]`]: 'name', ...(cursor !== undefined && { 'page[cursor]': cursor }) };
  const { data, links } = groups.parse(yield { method: 'GET', path: all, query });
  const next = links?.next ? new URL(links.next).searchParams.get('page[cursor]') : cursor;
  const further = next === cursor ? [] : yield* namesOf(all, kind, z.string().parse(next));
  return [...data.map(({ attributes }) => attributes.name), ...further];
}

function* find(email: string): Conversation<Profile[]> {
  const query = { filter: `equals(email,${JSON.stringify(email)})` };
  return profiles.parse(yield { method: 'GET', path: path`profiles`, query }).data;
}

function* read(id: string): Conversation<Profile> {
  return z.object({ data: profile }).parse(yield { method: 'GET', path: path`profiles/${id}` }).data;
}

function* load(key: ContactKey, from: z.infer<typeof source>): Conversation<Contact[]> {
  const contacts: Contact[] = [];
  for (const one of 'id' in key ? [yield* read(key.id)] : yield* find(key.email)) {
    const lists = from === 'segments' ? [] : yield* namesOf(path`profiles/${one.id}/lists`, 'list');
    const segments = from === 'lists' ? [] : yield* namesOf(path`profiles/${one.id}/segments`, 'segment');
    const tags = cleanTags([...lists, ...segments]);
    contacts.push({ id: one.id, email: one.attributes.email ?? undefined, fields: fieldsOf(one), tags });
  }
  return contacts;
}

/** Members that are left out stay, which nobody says of those of a location: it is sent whole. */
function* write(id: string, field: string, value: string): Conversation<unknown> {
  const [, place] = /^location\.(.+)$/.exec(field) ?? [];
  const known = place === undefined ? undefined : yield* read(id);
  if (known && known.id !== id) throw new Error('It holds another profile.');
  const pair = (name: string) => Object.fromEntries([[name, value]]);
  const custom = { properties: pair(field.replace(/^properties\./, '')) };
  const others = basic.includes(field) ? pair(field) : custom;
  const attributes =
    place === undefined ? others : { location: { ...known?.attributes.location, ...pair(place) } };
  const body = { json: { data: { type: 'profile', id, attributes } } };
  return yield { method: 'PATCH', path: path`profiles/${id}`, headers: { 'content-type': jsonApi }, body };
}

/** Nothing lists custom properties: they are those of the hundred profiles that changed last. */
function* listFields(): Conversation<string[]> {
  const query = { 'page[size]': '100', sort: '-updated' };
  const { data } = profiles.parse(yield { method: 'GET', path: path`profiles`, query });
  const named = data.flatMap((one) => [...fieldsOf(one).keys()]);
  return [...own, ...places.map((place) => `location.${place}`), ...named];
}

/** Klaviyo. API: https://developers.klaviyo.com/en/reference/api_overview */
export const klaviyo = {
  title: 'Klaviyo',
  settings: z.object({
    tagsFrom: described(source, 'Whose names are the tags: `lists` (unless told), `segments` or `both`'),
  }),
  secrets: { apiToken: 'private API key' },
  webhook: { ids: [['id'], ['profile_id']], emails: [['email']] },
  templateForms: braces,
  // Profiles of an account's first years have six characters, whose case matters.
  contactId: (text) => (/^([0-9A-Z]{26}|[0-9A-Za-z]{6})$/.test(text) ? text : undefined),
  api: ({ tagsFrom }) => ({
    baseUrl: 'https://a.klaviyo.com/api/',
    authorise: (request, { apiToken }) => {
      const authorization = `Klaviyo-API-Key ${apiToken}`;
      return { ...request, headers: { ...request.headers, revision, accept: jsonApi, authorization } };
    },
    load: (key) => load(key, tagsFrom),
    write,
    lists: klaviyoLists(tagsFrom),
    *check() {
      yield { method: 'GET', path: path`accounts`, query: { 'fields[account]': 'timezone' } };
    },
    fields: listFields,
  }),
  limits: {
    // Of the slowest call that each load makes: 60 a minute.
    perSecond: 1,
    named({ 'ratelimit-limit': all = '' }) {
      const rates = [...all.matchAll(/([1-9]\d*);w=([1-9]\d*)/g)].map(([, n, s]) => Number(n) / Number(s));
      return rates.length > 0 ? { perSecond: Math.min(...rates) } : {};
    },
  },
  defaultFields: {
    user_email: mapped('email'),
    first_name: mapped('first_name'),
    last_name: mapped('last_name'),
    phone: mapped('phone_number'),
    company: mapped('organization'),
    city: mapped('location.city'),
    region: mapped('location.region'),
    country: mapped('location.country'),
  },
  hasSeenFields: true,
  known: {
    tags: 'lists, segments or both',
    checked: "the vendor's OpenAPI document and SDK",
    open: 'how soon a change of lists can be read after the step of a flow',
  },
  notes: [
    'Scopes of the key: `profiles:read`, `lists:read`, `segments:read`, `accounts:read`, and `profiles:write` to write fields.',
    'Of two merged profiles the one id is gone; its user gets the other one, which has the address. Webhooks of flows are not signed.',
    'Fields of the address are `location.city` and so on. A field that Usher writes calls back only through a segment that needs it.',
  ],
  setup: (webhookUrl) => [
    'In Klaviyo, open the flow and add the action "Webhook". Method: POST. Header: Content-Type: application/json.',
    `URL: ${webhookUrl}`,
    'Body: {"id": "{{ person.KlaviyoID }}", "email": "{{ person.email }}"}',
    'Look at "Preview" for a profile: both have to be filled in. Then set the action live.',
  ],
} satisfies Connector<{ tagsFrom: z.infer<typeof source> }>;
