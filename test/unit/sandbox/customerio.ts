import { createHmac } from 'node:crypto';
import type { Contact } from '../../../lib/sandbox/account.ts';
import { Reply } from '../../../lib/sandbox/api-answer.ts';
import { basicAuth } from '../../../lib/sandbox/basic-auth.ts';
import type { CrmDescription } from '../../../lib/sandbox/crm-description.ts';
import { objectAt } from '../../../lib/sandbox/request-body.ts';
import { jsonBody } from '../../../lib/sandbox/webhook-body.ts';

/** Values are texts. */
const texts = (fields: object) =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );

const view = ({ id, email, custom }: Contact) => ({
  customer: {
    id: custom['id'] ?? '',
    identifiers: { cio_id: id, email },
    attributes: { ...texts(custom), cio_id: id, ...(email === null ? {} : { email }) },
    unsubscribed: false,
  },
});

/** https://docs.customer.io/integrations/api/app/: reads and writes on two hosts with a secret each, ids or addresses in webhooks. */
export const customerio: CrmDescription = {
  basePath: '/v1/',
  idOf: (number) => (0xa3000000 + number).toString(16),
  fields: { names: { firstName: 'first_name', lastName: 'last_name', userId: 'id' } },
  credentials: ({ apiToken, siteId, trackKey }, { path }) => ({
    headers: {
      authorization: path.startsWith('/track/') ? basicAuth(siteId, trackKey) : `Bearer ${apiToken}`,
    },
  }),
  routes: {
    'GET customers/{email}/attributes?id_type=email': ({ account, values: { email = '' } }) => {
      const [found] = account.byEmail(email);
      return found && view(found);
    },
    'GET customers/{id}/attributes?id_type=cio_id': ({ contact }) => view(contact),
    'GET customers/{id}/segments?id_type=cio_id': ({ contact: { tags } }) => ({
      segments: tags.map(({ id, name }) => ({ id, name, type: 'dynamic', state: 'finished' })),
    }),
    'GET segments': ({ account }) => ({ segments: account.tags() }),
    'PUT /track/api/v1/customers/cio_{id}': ({ account, contact, body }) => {
      const { _update, ...fields } = objectAt(body);
      account.write(contact, fields);
      return {};
    },
  },
  errors: {
    body: (status, detail) => ({ errors: [{ detail, status: String(status) }] }),
    badWrite: (error) => new Reply(400, { meta: { error } }),
    rateLimited: () => new Reply(429),
  },
  limits: [
    { calls: 10, seconds: 1, pathContains: '/v1/customers' },
    { calls: 100, seconds: 1, pathContains: '/track/' },
  ],
  tagsAt: ['segments'],
  webhooks: {
    address: ([{ email }]) => jsonBody({ email }),
    'address and id': ([{ id, email }]) => jsonBody({ email, cio_id: id }),
  },
  signature: (body, secret, at) => {
    const timestamp = String(Math.floor(at.getTime() / 1000));
    const signature = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex');
    return { 'x-cio-timestamp': timestamp, 'x-cio-signature': signature };
  },
};
