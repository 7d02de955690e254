import type { Account, Contact } from '../account.ts';
import { Reply } from '../api-answer.ts';
import { basicAuth } from '../basic-auth.ts';
import type { Call, CrmDescription } from '../crm-description.ts';
import { isJsonObject, type JsonObject } from '../json.ts';
import { InvalidPerson } from '../person.ts';
import { objectAt } from '../request-body.ts';
import { jsonBody } from '../webhook-body.ts';

/** A subscriber has a number beside its UUID; fields that were never written are absent, and there may be none at all. */
function view({ id: uuid, email, custom, standard, tags }: Contact): object {
  const fields = Object.keys(custom).length === 0 ? null : custom;
  const { unsubscribed_at = null } = standard;
  const cached_tag_ids = tags.map(({ id }) => String(id));
  const navigation_url = `https://app.bentonow.com/visitors/${uuid}`;
  return {
    id: String(Number.parseInt(uuid.slice(-7), 16)),
    type: 'visitors',
    attributes: { uuid, email, fields, cached_tag_ids, unsubscribed_at, navigation_url },
  };
}

/** Nobody is a success, too. */
const found = (contact: Contact | undefined) => ({ data: contact ? view(contact) : null });

/** Whoever has the address, or a new subscriber. */
function carryOut(account: Account, { command, email, query }: JsonObject): void {
  if (typeof email !== 'string' || !email.includes('@')) throw new InvalidPerson('is invalid');
  const contact = account.byEmail(email)[0] ?? account.write({}, { email });
  if (command === 'change_email') account.write(contact, { email: String(query) });
  if (command !== 'add_field' || !isJsonObject(query)) return;
  const { key, value = null } = query;
  account.write(contact, Object.fromEntries([[String(key), value]]));
}

/** One command, or a list of them. */
function runCommands({ account, body }: Call): object {
  const { command } = objectAt(body);
  const commands = Array.isArray(command) ? command : [command];
  const known = commands.filter((one) => isJsonObject(one));
  for (const one of known) carryOut(account, one);
  return { results: known.length, failed: commands.length - known.length };
}

/** The part of https://bentonow.com/docs/api that reads subscribers and writes their fields. */
export const bento: CrmDescription = {
  basePath: '/api/v1',
  settings: { site: '00112233445566778899aabbccddeeff' },
  idOf: (number) => `0123456789abcdef${String(number).padStart(16, '0')}`,
  fields: {
    names: { firstName: 'first_name', lastName: 'last_name' },
    standard: ['unsubscribed_at'],
  },
  credentials: ({ publishableKey, apiToken }) => ({
    headers: { authorization: basicAuth(publishableKey, apiToken) },
  }),
  routes: {
    'GET fetch/subscribers?site_uuid={site}&uuid={uuid}': ({ account, values }) =>
      found(account.find(String(values['uuid']))),
    'GET fetch/subscribers?site_uuid={site}&email={email}': ({ account, values }) =>
      found(account.byEmail(String(values['email']))[0]),
    'GET fetch/tags?site_uuid={site}': ({ account }) => ({
      data: account.tags().map(({ id, name }) => {
        const attributes = { name, created_at: '2026-01-05T09:00:00.000Z', discarded_at: null, site_id: 1 };
        return { id: String(id), type: 'tags', attributes };
      }),
    }),
    'GET fetch/fields?site_uuid={site}': ({ account }) => ({
      data: account.customFields().map(({ number, name: key, title: name }) => {
        const attributes = { name, key, whitelisted: null, created_at: '2026-01-05T09:00:00.000Z' };
        return { id: String(number), type: 'visitors-fields', attributes };
      }),
    }),
    'POST fetch/commands': runCommands,
  },
  errors: {
    body: (_status, error) => ({ error }),
    notFound: new Reply(200, { data: null }),
    badToken: new Reply(401, { error: 'Unauthorized' }),
    badWrite: (message) => new Reply(422, { errors: [{ field: 'email', message }] }),
  },
  limits: [{ calls: 100, seconds: 60, pathContains: '/fetch/' }],
  tagsAt: ['data.attributes.cached_tag_ids'],
  webhooks: {
    // The body is what the marketer typed: both, or the address alone.
    workflow: ([{ id, email }]) => jsonBody({ id, email }),
    'workflow, address': ([{ email }]) => jsonBody({ email }),
  },
};
