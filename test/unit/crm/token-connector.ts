import * as z from 'zod/mini';
import { type Connector, type CrmAnswer, cleanTags, type Meaning } from '../../../functions/crm/connector.ts';
import type { CrmRequest } from '../../../functions/crm/conversation.ts';
import { path } from '../../../functions/crm/path.ts';

const record = z.looseObject({
  id: z.string(),
  Email: z.string(),
  Tag: z.array(z.object({ name: z.string() })),
});
const records = z.object({ data: z.array(record) });
const token = z.object({
  access_token: z.string(),
  refresh_token: z.optional(z.string()),
  expires_in: z.number(),
});
const refusal = z.object({ code: z.string() });
const written = z.object({ data: z.array(z.object({ status: z.string() })) });

/** Shaped as Zoho's: an answer may have a success's status and an error in it. */
function meaning({ body }: CrmAnswer, { baseUrl, method }: CrmRequest): Meaning | undefined {
  if (baseUrl !== undefined) return Object.hasOwn(Object(body), 'error') ? 'credentials' : undefined;
  const { data: said } = refusal.safeParse(body);
  if (said?.code === 'TOO_MANY_REQUESTS') return { limited: 30 };
  if (said?.code === 'INVALID_DATA' && method === 'GET') return 'missing';
  if (said?.code === 'NO_MODULE') return 'invalid';
  const { data: results } = method === 'PUT' ? written.safeParse(body) : {};
  return results?.data.some(({ status }) => status === 'error') ? 'refused' : undefined;
}

export const tokenConnector: Connector = {
  title: 'Tokens that end',
  settings: z.object({}),
  secrets: { apiToken: 'client secret', clientId: 'client id', refreshToken: 'refresh token' },
  webhook: { ids: [['contact_id']] },
  templateForms: [],
  contactId: (text) => (/^[1-9]\d{9,19}$/.test(text) ? text : undefined),
  api: () => ({
    baseUrl: 'https://crm.example.com/crm/v8/',
    authorise(request, { accessToken }) {
      if (request.baseUrl !== undefined) return request;
      return { ...request, headers: { authorization: `Zoho-oauthtoken ${accessToken}` } };
    },
    *load(key) {
      const missing = [204];
      const answer = yield 'id' in key
        ? { method: 'GET', path: path`Contacts/${key.id}`, missing }
        : { method: 'GET', path: path`Contacts/search`, query: { email: key.email }, missing };
      return records.parse(answer).data.map(({ Tag, ...fields }) => ({
        id: fields.id,
        email: fields.Email,
        fields: new Map(Object.entries(fields)),
        tags: cleanTags(Tag.map(({ name }) => name)),
      }));
    },
    *write(id, field, value) {
      const body = { json: { data: [{ [field]: value }], trigger: [] } };
      return yield { method: 'PUT', path: path`Contacts/${id}`, body };
    },
    *check() {
      yield { method: 'GET', path: path`settings/fields`, query: { module: 'Contacts' } };
    },
    *fields() {
      yield { method: 'GET', path: path`settings/fields`, query: { module: 'Contacts' } };
      return [];
    },
    meaning,
    *signIn({ apiToken, clientId = '', refreshToken = '' }) {
      const form = {
        grant_type: 'refresh_token',
        refresh_token: refreshToken,
        client_id: clientId,
        client_secret: apiToken,
      };
      const answer = yield {
        method: 'POST',
        path: path`token`,
        baseUrl: 'https://accounts.example.com/oauth/v2/',
        body: { form },
        reads: true,
      };
      const { access_token, refresh_token, expires_in } = token.parse(answer);
      return {
        accessToken: access_token,
        expiresInSeconds: expires_in,
        ...(refresh_token === undefined ? {} : { changed: { refreshToken: refresh_token } }),
      };
    },
  }),
  known: { tags: 'tags', checked: 'nothing' },
  defaultFields: {},
  setup: () => [],
};
