import type { Contact } from '../account.ts';
import { Reply } from '../api-answer.ts';
import type { Call, CrmDescription } from '../crm-description.ts';
import { objectAt } from '../request-body.ts';
import { jsonBody } from '../webhook-body.ts';

const standard = ['firstName', 'lastName', 'country', 'countryCode', 'state', 'city', 'birthdate', 'phone'];

/** What is not filled is left out; telephone numbers are a list. */
function view({ id, email, standard: { phone = null, ...given }, custom, tags, person }: Contact): object {
  const filled = Object.entries(given).filter(([, value]) => value !== null);
  const channels = { email: { status: 'subscribed', statusChangedAt: person.createdAt } };
  return {
    ...{ id, ...(email !== null && { email }), phone: phone === null ? [] : [phone] },
    ...Object.fromEntries(filled),
    status: 'subscribed',
    tags: tags.map(({ name }) => name),
    segments: [],
    customProperties: custom,
    identifiers: email === null ? [] : [{ type: 'email', id: email, channels }],
    createdAt: person.createdAt,
    updatedAt: person.updatedAt,
  };
}

/** 100 unless told, the newest first. */
function list({ query }: Call, contacts: readonly Contact[]): object {
  const limit = Number(query.get('limit') ?? 100);
  const all = contacts.toReversed();
  const after = query.get('after');
  const left = after === null ? all : all.filter(({ id }) => id < after);
  const some = left.slice(0, limit);
  const cursors = { after: some.at(-1)?.id ?? null, before: null };
  const hasMore = left.length > limit;
  return { contacts: some.map(view), paging: { cursors, hasMore, limit } };
}

/** https://api-docs.omnisend.com: every error is a problem. */
const problem = (status: number, title: string, more: object = {}) => ({
  type: `https://problems.omnisend.com/${title.toLowerCase().replaceAll(' ', '-')}`,
  ...{ title, status, instance: 'urn:omnisend:request:00000000-0000-0000-0000-000000000001' },
  ...more,
});

/** The part of https://api-docs.omnisend.com/reference, version 2026-03-15, that reads and writes contacts. */
export const omnisend: CrmDescription = {
  basePath: '/api',
  idOf: (number) => `60a6170920d91c21${number.toString(16).padStart(8, '0')}`,
  fields: { names: { birthday: 'birthdate' }, standard },
  credentials: ({ apiToken }) => ({
    headers: { authorization: `Omnisend-API-Key ${apiToken}`, 'omnisend-version': '2026-03-15' },
  }),
  routes: {
    'GET contacts?email={email}': (call) => list(call, call.account.byEmail(call.values['email'] ?? '')),
    'GET contacts': (call) => list(call, call.account.all()),
    'GET contacts/{id}': ({ contact }) => view(contact),
    // That properties which are not named stay is a guess.
    'PATCH contacts/{id}': ({ account, contact, body }) => {
      const { customProperties = {}, ...own } = objectAt(body);
      return view(account.write(contact, { ...own, ...objectAt(customProperties) }));
    },
  },
  errors: {
    body: (status, detail) => problem(status, 'Problem', { detail }),
    notFound: new Reply(404, problem(404, 'Not Found', { detail: 'Contact not found' })),
    badToken: new Reply(401, problem(401, 'Unauthorized')),
    badWrite: (message) => {
      const errors = [{ field: 'customProperties', code: 'invalid_format', message }];
      return new Reply(400, problem(400, 'Validation', { errors }));
    },
    rateLimited: (seconds = 60) =>
      new Reply(429, problem(429, 'Too Many Requests', { retryAfter: Math.ceil(seconds) })),
  },
  limits: [{ calls: 400, seconds: 60 }],
  tagsAt: ['tags', 'contacts.*.tags'],
  webhooks: {
    // Of an automation: the body is what the operator typed, here `{"email": "[[contact.email]]"}`.
    automation: ([{ email }]) => jsonBody({ email }),
  },
};
