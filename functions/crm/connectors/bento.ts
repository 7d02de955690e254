import * as z from 'zod/mini';
import { basicAuth } from '../basic-auth.ts';
import {
  type Connector,
  type Contact,
  type ContactKey,
  type CrmAnswer,
  cleanTags,
  type Meaning,
  mapped,
} from '../connector.ts';
import { type Conversation, type CrmRequest, remembered } from '../conversation.ts';
import { ContactNotFound, CrmWriteRefused } from '../crm-errors.ts';
import { path } from '../path.ts';
import { described, listOf, matching, notEmpty, readAs, textOrNone } from '../schemas.ts';
import { braces } from '../template-forms.ts';

const tagId = readAs(z.union([notEmpty, z.int()]), String);
const visitor = z.object({
  uuid: notEmpty.check(z.toLowerCase()),
  email: z.nullable(z.string()),
  fields: z.nullable(z.record(z.string(), z.unknown())),
  cached_tag_ids: listOf(tagId),
  unsubscribed_at: textOrNone,
});
type Visitor = z.infer<typeof visitor>;
const tag = z.object({ name: z.nullable(z.string()), discarded_at: textOrNone });
const tags = z.object({ data: listOf(z.object({ id: tagId, attributes: tag })) });
const fields = z.object({ data: listOf(z.object({ attributes: z.object({ key: z.string() }) })) });
/** A success that names nobody: the vendor's SDK knows an empty answer beside `null`. */
const nobody = z.union([
  z.object({ data: z.null() }),
  z.strictObject({ data: z.optional(z.strictObject({})) }),
]);
const undone = z.union([
  z.object({ failed: z.int().check(z.positive()) }),
  z.object({ results: z.literal(0) }),
]);

/** The names of all tags by their ids; that of a discarded one is null. */
function* readTags(site: string): Conversation<ReadonlyMap<string, string | null>> {
  const { data } = tags.parse(yield { method: 'GET', path: path`fetch/tags`, query: { site_uuid: site } });
  return new Map(data.map(({ id, attributes: { name, discarded_at } }) => [id, discarded_at ? null : name]));
}

function* read(key: ContactKey, site: string): Conversation<Visitor> {
  const by = 'id' in key ? { uuid: key.id } : { email: key.email };
  const query = { site_uuid: site, ...by };
  const answer = yield { method: 'GET', path: path`fetch/subscribers`, query };
  return z.object({ data: z.object({ attributes: visitor }) }).parse(answer).data.attributes;
}

function* load(key: ContactKey, site: string): Conversation<Contact[]> {
  const { uuid, email, fields, cached_tag_ids: ids, unsubscribed_at } = yield* read(key, site);
  const isEnough = (known: ReadonlyMap<string, unknown>) => ids.every((id) => known.has(id));
  const names = ids.length === 0 ? undefined : yield* remembered('tags', () => readTags(site), isEnough);
  return [
    {
      id: uuid,
      email: email ?? undefined,
      fields: new Map<string, unknown>(Object.entries({ ...fields, email, unsubscribed_at })),
      tags: cleanTags(ids.map((id) => z.nullable(z.string()).parse(names?.get(id)))),
    },
  ];
}

/** A command names an address, and makes a subscriber of one that nobody has: look first. */
function* write(id: string, [field, value]: [string, string], site: string): Conversation<unknown> {
  const { uuid, email } = yield* read({ id }, site);
  if (uuid !== id) throw new ContactNotFound();
  if (email === null) throw new CrmWriteRefused();
  const command =
    field === 'email'
      ? { command: 'change_email', email, query: value }
      : { command: 'add_field', email, query: { key: field, value } };
  return yield { method: 'POST', path: path`fetch/commands`, body: { json: { command, site_uuid: site } } };
}

function meaning({ status, body }: CrmAnswer, { method, path }: CrmRequest): Meaning | undefined {
  if (method === 'POST') return undone.safeParse(body).success ? 'refused' : undefined;
  const isNobody = status === 200 && path.template === 'fetch/subscribers' && nobody.safeParse(body).success;
  return isNobody ? 'missing' : undefined;
}

/** Bento. API: https://bentonow.com/docs/api */
export const bento: Connector<{ site: string }> = {
  title: 'Bento',
  settings: z.object({
    site: described(
      matching(/^[0-9a-f]{32}$/, 'must be the site key: 32 digits and letters from a to f'),
      'The UUID of the site, which Bento calls its site key',
    ),
  }),
  secrets: { apiToken: 'secret key', publishableKey: 'publishable key' },
  webhook: { ids: [['id'], ['uuid'], ['data', 'uuid']], emails: [['email']] },
  templateForms: braces,
  contactId: (text) => (/^[0-9a-f-]{32,36}$/i.test(text) ? text.toLowerCase() : undefined),
  api: ({ site }) => ({
    baseUrl: 'https://app.bentonow.com/api/v1/',
    // The client says who it is, as every caller has to: else a page of a firewall answers, with 403.
    authorise: (request, { apiToken, publishableKey }) => {
      return { ...request, headers: { authorization: basicAuth(publishableKey, apiToken) } };
    },
    load: (key) => load(key, site),
    write: (id, field, value) => write(id, [field, value], site),
    *check() {
      yield { method: 'GET', path: path`fetch/tags`, query: { site_uuid: site } };
    },
    *fields() {
      const answer = yield { method: 'GET', path: path`fetch/fields`, query: { site_uuid: site } };
      const keys = fields.parse(answer).data.map(({ attributes }) => attributes.key);
      return ['email', 'unsubscribed_at', ...keys];
    },
    meaning,
  }),
  // 100 a minute, those for the names of tags among them.
  limits: { perSecond: 1.6 },
  defaultFields: {
    user_email: mapped('email'),
    first_name: mapped('first_name'),
    last_name: mapped('last_name'),
  },
  known: {
    tags: 'tags',
    checked: "the vendor's SDK and documentation",
    open: 'whether subscribers keep the ids of tags that are deleted: one that no list of tags has makes an answer invalid',
  },
  notes: [
    'Who has unsubscribed is still a subscriber with tags: `unsubscribed_at` tells. A deleted one is gone, and a discarded tag is none.',
    'A field is written by the address that the subscriber has at that moment. What Usher writes triggers no automation.',
  ],
  setup: (webhookUrl) => [
    'In Bento, open the workflow and add the action "Webhook".',
    `URL: ${webhookUrl}`,
    'Method: POST, as JSON.',
    'Body: {"id": "{{ visitor.uuid }}", "email": "{{ visitor.email }}"}',
  ],
};
