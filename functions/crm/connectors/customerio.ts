import * as z from 'zod/mini';
import { basicAuth } from '../basic-auth.ts';
import { type Connector, type Contact, type CrmApi, cleanTags, mapped } from '../connector.ts';
import type { Conversation, CrmRequest } from '../conversation.ts';
import { isHmac, isRecent } from '../hmac.ts';
import { customerioLists } from '../lists/customerio.ts';
import { type Path, path } from '../path.ts';
import { described, listOf, matching, notEmpty, textOrNone } from '../schemas.ts';
import { braces } from '../template-forms.ts';

interface Settings {
  region: 'us' | 'eu';
  siteId: string;
  segments: 'all' | 'manual';
}

const person = z.looseObject({
  identifiers: z.looseObject({ cio_id: notEmpty, email: textOrNone }),
  attributes: z.record(z.string(), z.unknown()),
});
const one = z.object({ customer: person });
const segments = z.object({ segments: listOf(z.object({ name: z.string(), type: textOrNone })) });
const hits = z.object({ results: listOf(z.object({ email: textOrNone, cio_id: z.string() })) });
const sample = z.object({ identifiers: listOf(z.object({ cio_id: z.string() })) });
const people = z.object({ customers: listOf(z.object({ customer: z.pick(person, { attributes: true }) })) });

/** By the id that Customer.io gives to people: an account may change the others. */
const query = { id_type: 'cio_id' };
const get = (target: Path): CrmRequest => ({ method: 'GET', path: target, query });

function* loadPerson(id: string): Conversation<z.infer<typeof person>> {
  return one.parse(yield get(path`customers/${id}/attributes`)).customer;
}

/** The person and, by a further call, the segments: all, or those that people are put into one by one. */
function* load(id: string, kind: Settings['segments']): Conversation<Contact[]> {
  const { identifiers, attributes } = yield* loadPerson(id);
  const all = segments.parse(yield get(path`customers/${id}/segments`)).segments;
  const own = all.filter(({ type }) => kind === 'all' || type !== 'dynamic');
  const email = attributes['email'] ?? identifiers.email;
  const fields = new Map(Object.entries(attributes)).set('email', email);
  const address = typeof email === 'string' ? email : undefined;
  return [{ id: identifiers.cio_id, email: address, fields, tags: cleanTags(own.map(({ name }) => name)) }];
}

function* idOf(email: string): Conversation<string | undefined> {
  const { results } = hits.parse(yield { method: 'GET', path: path`customers`, query: { email } });
  return results.find((hit) => hit.email?.toLowerCase() === email.toLowerCase())?.cio_id;
}

/** No call lists attributes: those of a hundred people. */
function* attributeNames(): Conversation<string[]> {
  const filter = { and: [{ attribute: { field: 'email', operator: 'exists' } }] };
  const search = { method: 'POST', path: path`customers`, query: { limit: '100' }, reads: true } as const;
  const { identifiers } = sample.parse(yield { ...search, body: { json: { filter } } });
  const ids = identifiers.map(({ cio_id }) => cio_id);
  if (ids.length === 0) return [];
  const request = { method: 'POST', path: path`customers/attributes`, query, reads: true } as const;
  const { customers } = people.parse(yield { ...request, body: { json: { ids } } });
  return customers.flatMap(({ customer }) => Object.keys(customer.attributes));
}

function api({ region, siteId, segments: kind }: Settings): CrmApi {
  const domain = region === 'eu' ? '-eu.customer.io' : '.customer.io';
  const trackUrl = `https://track${domain}/api/v1/`;
  return {
    baseUrl: `https://api${domain}/v1/`,
    authorise(request, { apiToken, trackKey }) {
      const authorization = request.baseUrl ? basicAuth(siteId, trackKey) : `Bearer ${apiToken}`;
      return { ...request, headers: { authorization } };
    },
    *load(key) {
      const id = 'id' in key ? key.id : yield* idOf(key.email);
      return id === undefined ? [] : yield* load(id, kind);
    },
    // Another API, with other credentials, which answers the same whether there is such a person or not.
    *write(id, field, value) {
      if ((yield* loadPerson(id)).identifiers.cio_id !== id) throw new Error('It holds another person.');
      const json = { _update: true, ...Object.fromEntries([[field, value]]) };
      return yield { method: 'PUT', path: path`customers/cio_${id}`, baseUrl: trackUrl, body: { json } };
    },
    lists: customerioLists,
    *check() {
      yield { method: 'GET', path: path`segments` };
      yield { method: 'GET', path: path`accounts/region`, baseUrl: trackUrl };
    },
    *fields() {
      return ['email', 'id', 'cio_id', 'created_at', ...(yield* attributeNames())];
    },
  };
}

/** Reporting webhooks, which are waited for four seconds, are about messages, too. What a marketer types has no such member. */
const report = z.object({ metric: z._default(z.string(), 'subscribed') });
const ofPeople = /^((un)?subscribed|cio_subscription_preferences_changed)$/;

/** Customer.io. API: https://docs.customer.io/integrations/api/app/ and https://docs.customer.io/integrations/api/track/ */
export const customerio = {
  title: 'Customer.io',
  settings: z.object({
    region: described(z._default(z.enum(['us', 'eu']), 'us'), 'Where the account is: `us` or `eu`'),
    siteId: described(matching(/^[0-9a-f]{20}$/), 'The site id of the Track API key: 20 hexadecimal digits'),
    segments: described(
      z._default(z.enum(['all', 'manual']), 'all'),
      'Which segments are tags: `all`, or the `manual` ones, that no rule fills',
    ),
  }),
  secrets: { apiToken: 'App API key', trackKey: 'Track API key', webhookSecret: 'reporting signing key' },
  webhook: {
    ids: [['cio_id'], ['contact_id'], ['data', 'identifiers', 'cio_id']],
    emails: [['email'], ['data', 'identifiers', 'email']],
    isOurs: (event) => ofPeople.test(report.parse(event).metric),
    isSigned({ headers, body, now }, secret) {
      const { 'x-cio-timestamp': time = '', 'x-cio-signature': given } = headers;
      return isRecent(Number(time) * 1000, now) && isHmac(given, secret, [`v0:${time}:`, body]);
    },
    responseBudgetMs: 3500,
  },
  templateForms: braces,
  contactId: (text) => (/^[0-9a-f]{8,32}$/i.test(text) ? text.toLowerCase() : undefined),
  api,
  limits: { perSecond: 10 },
  defaultFields: {
    user_email: mapped('email'),
    first_name: mapped('first_name'),
    last_name: mapped('last_name'),
  },
  hasSeenFields: true,
  known: {
    tags: 'segments',
    checked: "the vendor's documentation and SDK",
    open: 'how lists are written in attributes, whose values are texts',
  },
  notes: [
    'Segments that rules fill change by themselves, and call nobody: a campaign that a segment triggers does.',
    'Times are seconds since 1970: map them as `integer`. The doctor knows the attributes of a hundred people.',
    'Campaigns do not sign: with a signing key stored their webhooks are refused. The Track API key is only used to write.',
    'Somebody who was merged or deleted is not found any more; whoever took over calls under their own id.',
  ],
  setup: (webhookUrl) => [
    'In Customer.io, open the campaign, drag "Send and receive data" into its workflow, and press "Add Request".',
    `URL: ${webhookUrl}`,
    'Method: POST. Header: Content-Type: application/json.',
    'Body: {"cio_id": "{{customer.cio_id}}", "email": "{{customer.email}}"}',
    'Set the action to "Send automatically", and start the campaign.',
  ],
} satisfies Connector<Settings>;
