import * as z from 'zod/mini';
import { type Connector, type CrmAnswer, cleanTags, type Meaning } from '../../../functions/crm/connector.ts';
import type { CrmRequest } from '../../../functions/crm/conversation.ts';
import { path } from '../../../functions/crm/path.ts';

const person = z.looseObject({ Id: z.string(), Email: z.nullable(z.string()) });
const topics = z.object({ records: z.array(z.object({ Topic: z.object({ Name: z.string() }) })) });
const ids = z.object({ records: z.array(z.object({ Id: z.string() })) });
const errors = z.array(z.object({ errorCode: z.string() }));

const quoted = (text: string) => `'${text.replaceAll(/[\\']/g, String.raw`\$&`)}'`;
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const elements = (xml: string, name: string) =>
  [...xml.matchAll(new RegExp(`<(?:\\w+:)?${name}>([^<]*)</`, 'g'))].map(([, text = '']) => text);

const soap = (call: string): CrmRequest => ({
  method: 'POST',
  path: path`Soap/u`,
  headers: { soapaction: '""' },
  body: { xml: `<Envelope><Body>${call}</Body></Envelope>` },
  reads: true,
  answer: 'text',
});

/** Shaped as Salesforce's: a limit is a 403, and a part of the API speaks XML, whose faults are a 500 or a 200. */
function meaning({ status, body }: CrmAnswer): Meaning | undefined {
  const { data: said } = errors.safeParse(body);
  if (status === 403 && said?.some(({ errorCode }) => errorCode === 'REQUEST_LIMIT_EXCEEDED'))
    return { limited: undefined };
  const [fault] = typeof body === 'string' ? elements(body, 'faultcode') : [];
  return fault === 'sf:INVALID_SESSION_ID' ? 'credentials' : undefined;
}

export const connector: Connector = {
  title: 'XML',
  settings: z.object({}),
  secrets: { apiToken: 'access token', reportKey: 'key of the reports' },
  webhook: {
    ids: [['notifications', 'Id']],
    parse(text) {
      const organisation = elements(text, 'OrganizationId');
      if (organisation.length === 0) throw new Error(`This is no message: ${text}`);
      return {
        notifications: elements(text, 'Id')
          .filter((id) => id.startsWith('003'))
          .map((Id) => ({ Id })),
      };
    },
  },
  templateForms: [],
  contactId: (text) => (/^[A-Za-z0-9]{18}$/.test(text) ? text : undefined),
  api: () => ({
    baseUrl: 'https://crm.example.com/services/data/v62.0/',
    authorise(request, { apiToken, reportKey = '' }) {
      const isReport = request.path.template.startsWith('reports/');
      const authorization = isReport ? `Key ${reportKey}` : `Bearer ${apiToken}`;
      return { ...request, headers: { ...request.headers, authorization } };
    },
    *load(key) {
      if ('email' in key) {
        const q = `SELECT Id FROM Contact WHERE Email = ${quoted(key.email)}`;
        const { records } = ids.parse(yield { method: 'GET', path: path`query`, query: { q } });
        const contacts = [];
        for (const { Id } of records) contacts.push(...(yield* this.load({ id: Id }, [])));
        return contacts;
      }
      const query: [string, string][] = [
        ['fields', 'Id'],
        ['fields', 'Email'],
      ];
      const missing = [410];
      const one = person.parse(
        yield { method: 'GET', path: path`sobjects/Contact/${key.id}`, query, missing },
      );
      const q = `SELECT Topic.Name FROM TopicAssignment WHERE EntityId = ${quoted(key.id)}`;
      const { records } = topics.parse(yield { method: 'GET', path: path`query`, query: { q } });
      return [
        {
          id: one.Id,
          email: one.Email ?? undefined,
          fields: new Map(Object.entries(one)),
          tags: cleanTags(records.map(({ Topic }) => Topic.Name)),
        },
      ];
    },
    *write(id, field, value) {
      return yield {
        method: 'PATCH',
        path: path`sobjects/Contact/${id}`,
        body: { json: { [field]: value } },
      };
    },
    *check() {
      yield { method: 'POST', path: path`reports/query`, body: { json: {} }, reads: true };
    },
    *fields() {
      const names = elements(String(yield soap(`<describe>${escaped('Contact & é')}</describe>`)), 'name');
      if (names.length === 0) throw new Error('There are no fields.');
      return names;
    },
    meaning,
  }),
  known: { tags: 'tags', checked: 'nothing' },
  defaultFields: {},
  setup: () => [],
};
