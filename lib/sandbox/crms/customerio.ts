import { createHmac } from 'node:crypto';
import type { Contact } from '../account.ts';
import { Reply } from '../api-answer.ts';
import { basicAuth } from '../basic-auth.ts';
import type { CrmDescription } from '../crm-description.ts';
import type { Json } from '../json.ts';
import { InvalidPerson } from '../person.ts';
import { objectAt } from '../request-body.ts';
import { jsonBody } from '../webhook-body.ts';

/** Of the sandbox's account, for the Track API. */
const siteId = '0123456789abcdef0123';

const errorOf = (status: number, detail: string) => ({ errors: [{ detail, status: String(status) }] });
const seconds = (iso: string) => Math.floor(Date.parse(iso) / 1000);
/** The App API has nothing but texts. How it writes a list, nobody documents. */
const asText = (value: Json) => (typeof value === 'object' ? JSON.stringify(value) : String(value));

const identifiersOf = ({ id: cio_id, email, standard }: Contact) => ({
  cio_id,
  email,
  id: standard['id'] ?? null,
});

function view(contact: Contact): object {
  const { email, standard, custom, person } = contact;
  const set = Object.entries({ email, ...standard, ...custom }).filter(([, value]) => value !== null);
  const attributes = Object.fromEntries(set.map(([name, value]) => [name, asText(value)]));
  const identifiers = identifiersOf(contact);
  return {
    id: identifiers.id ?? '',
    identifiers,
    attributes: { cio_id: contact.id, ...attributes, created_at: String(seconds(person.createdAt)) },
    timestamps: { email: seconds(person.updatedAt) },
    unsubscribed: false,
    devices: [],
  };
}

/** A cursor says where the next page begins. */
function peoplePage(query: URLSearchParams, people: readonly Contact[]): object {
  const [limit, start] = [Number(query.get('limit') ?? 1000), Number(query.get('start') ?? 0)];
  const identifiers = people.slice(start, start + limit).map(identifiersOf);
  const next = start + limit < people.length ? String(start + limit) : '';
  return { identifiers, ids: identifiers.map(({ id }) => id ?? ''), next };
}

/** The parts of https://docs.customer.io/integrations/api/app/ and …/track/ that read and write people. */
export const customerio: CrmDescription = {
  basePath: '/v1',
  settings: { siteId },
  idOf: (number) => `a3${String(number).padStart(6, '0')}`,
  fields: {
    names: { firstName: 'first_name', lastName: 'last_name', userId: 'id' },
    standard: ['id', 'first_name', 'last_name', 'phone', 'city', 'country'],
  },
  credentials: ({ apiToken, trackKey }, { method, path }) => {
    const isTrack = method === 'PUT' || path.endsWith('accounts/region');
    return { headers: { authorization: isTrack ? basicAuth(siteId, trackKey) : `Bearer ${apiToken}` } };
  },
  routes: {
    'GET customers?email={email}': ({ account, values: { email = '' } }) => ({
      results: account.byEmail(email).map(identifiersOf),
    }),
    'POST customers': ({ account, body, query }) => {
      objectAt(body, 'filter');
      return peoplePage(
        query,
        account.all().filter(({ email }) => email !== null),
      );
    },
    'POST customers/attributes?id_type=cio_id': ({ account, body }) => {
      const { ids } = objectAt(body);
      if (!Array.isArray(ids) || ids.length === 0 || ids.length > 100)
        throw new InvalidPerson('ids: 1 to 100');
      const found = ids.flatMap((id) => account.find(String(id)) ?? []);
      return { customers: found.map((contact) => ({ customer: view(contact) })) };
    },
    'GET customers/{id}/attributes?id_type=cio_id': ({ contact }) => ({ customer: view(contact) }),
    'GET customers/{id}/segments?id_type=cio_id': ({ contact: { tags } }) => ({
      segments: tags.map(({ id, name }) => ({
        ...{ id, deduplicate_id: `${id}:1767603600`, name, description: '', state: 'finished' },
        ...{ progress: null, type: 'dynamic', tags: null },
      })),
    }),
    'GET segments/{segment}/membership': ({ account, query, values: { segment } }) =>
      peoplePage(
        query,
        account.all().filter(({ tags }) => tags.some(({ id }) => String(id) === segment)),
      ),
    'GET segments': ({ account }) => ({ segments: account.tags().map(({ id, name }) => ({ id, name })) }),
    // Of the Track API, as is the next. Its region is the account's, wherever it is asked.
    'GET accounts/region': () => ({ url: 'https://track.customer.io', region: 'us', environment_id: 1 }),
    // Who is not there is no error.
    'PUT customers/cio_{id}': ({ account, values: { id = '' }, body }) => {
      const { _update, ...attributes } = objectAt(body);
      const contact = account.find(id);
      if (contact) account.write(contact, attributes);
      else if (_update !== true) account.write({ id }, attributes);
      return {};
    },
  },
  errors: {
    body: errorOf,
    notFound: new Reply(404, errorOf(404, 'not found')),
    badToken: new Reply(401, errorOf(401, 'unauthorized')),
    badWrite: (error) => new Reply(400, { meta: { error } }),
    // Neither a body nor a header.
    rateLimited: () => new Reply(429),
  },
  limits: [{ calls: 10, seconds: 1 }],
  tagsAt: ['segments'],
  webhooks: {
    // "Send and receive data": the body is what somebody typed.
    'send and receive data': ([{ id, email }]) => jsonBody({ cio_id: id, email: email ?? '' }),
    'reporting webhook': ([contact], at) =>
      jsonBody({
        ...{ event_id: 'fake-event', object_type: 'customer', metric: 'subscribed' },
        timestamp: seconds(at.toISOString()),
        data: {
          customer_id: identifiersOf(contact).id,
          email_address: contact.email,
          identifiers: identifiersOf(contact),
        },
      }),
  },
  signature(body, secret, at) {
    const time = String(seconds(at.toISOString()));
    const hmac = createHmac('sha256', secret).update(`v0:${time}:${body}`);
    return { 'x-cio-timestamp': time, 'x-cio-signature': hmac.digest('hex') };
  },
};
