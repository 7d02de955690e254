import { describe, expect, it } from '@jest/globals';
import * as z from 'zod/mini';
import {
  type Connector,
  type Contact,
  type ContactKey,
  cleanTags,
} from '../../../functions/crm/connector.ts';
import { type Conversation, remembered } from '../../../functions/crm/conversation.ts';
import { createMemory, type Memory } from '../../../functions/crm/memory.ts';
import { path } from '../../../functions/crm/path.ts';
import { crm, type Reply, useCrmServer } from './crm-server.ts';

useCrmServer();

const one = z.object({
  contact: z.looseObject({ id: z.string(), email: z.string() }),
  fieldValues: z.array(z.object({ field: z.string(), value: z.string() })),
});
const hits = z.object({ contacts: z.array(z.object({ id: z.string() })) });
const label = z.object({ id: z.string(), tag: z.string() });
const links = z.object({
  contactTags: z.array(z.object({ tag: z.string() })),
  tags: z.optional(z.array(label)),
});
const pageOfLabels = z.object({ tags: z.array(label), meta: z.object({ total: z.coerce.number() }) });

type Labels = ReadonlyMap<string, string>;
const labelsOf = (tags: z.infer<typeof label>[]): Labels => new Map(tags.map(({ id, tag }) => [id, tag]));

function* allLabels(): Conversation<Labels> {
  const found: z.infer<typeof label>[] = [];
  for (let total = 1; found.length < total; ) {
    const query = { limit: '2', offset: String(found.length) };
    const page = pageOfLabels.parse(yield { method: 'GET', path: path`tags`, query });
    found.push(...page.tags);
    total = page.tags.length === 0 ? 0 : page.meta.total;
  }
  return labelsOf(found);
}

function* tagsOf(id: string): Conversation<string[]> {
  const query = { include: 'tag' };
  const { contactTags, tags } = links.parse(
    yield { method: 'GET', path: path`contacts/${id}/contactTags`, query },
  );
  const ids = contactTags.map(({ tag }) => tag);
  const knows = (labels: Labels) => ids.every((one) => labels.has(one));
  const sideloaded = tags && labelsOf(tags);
  const labels = sideloaded && knows(sideloaded) ? sideloaded : yield* remembered('tags', allLabels, knows);
  if (!knows(labels)) throw new Error('There is a tag without a label.');
  return cleanTags(ids.map((one) => labels.get(one) ?? null));
}

function* load(key: ContactKey): Conversation<Contact[]> {
  if ('email' in key) {
    const found = hits.parse(yield { method: 'GET', path: path`contacts`, query: { email: key.email } });
    const contacts: Contact[] = [];
    for (const { id } of found.contacts) contacts.push(...(yield* load({ id })));
    return contacts;
  }
  const { contact, fieldValues } = one.parse(yield { method: 'GET', path: path`contacts/${key.id}` });
  const fields = new Map<string, unknown>(Object.entries(contact));
  for (const { field, value } of fieldValues) fields.set(field, value);
  return [{ id: contact.id, email: contact.email, fields, tags: yield* tagsOf(contact.id) }];
}

/** Shaped as ActiveCampaign's: tags are links, whose labels come beside them or from a dictionary. */
const connector: Connector = {
  title: 'Further calls',
  settings: z.object({}),
  secrets: { apiToken: 'API key' },
  webhook: { ids: [['contact', 'id']] },
  templateForms: [],
  contactId: (text) => (/^[1-9]\d{0,18}$/.test(text) ? text : undefined),
  api: () => ({
    baseUrl: 'https://acme.crm.example.com/api/3/',
    authorise: (request, { apiToken }) => ({
      ...request,
      headers: { ...request.headers, 'api-token': apiToken },
    }),
    load,
    *write(id, field, value) {
      const contact = /^\d+$/.test(field) ? { fieldValues: [{ field, value }] } : { [field]: value };
      return yield { method: 'PUT', path: path`contacts/${id}`, body: { json: { contact } } };
    },
    *check() {
      yield { method: 'GET', path: path`users/me` };
    },
    *fields() {
      yield { method: 'GET', path: path`fields` };
      return [];
    },
  }),
  known: { tags: 'tags', checked: 'nothing' },
  defaultFields: {},
  setup: () => [],
};

const ada = {
  contact: { id: '113', email: 'ada@example.com', firstName: 'Ada' },
  fieldValues: [{ contact: '113', field: '6', value: '||mathematics||' }],
};
const linked = (...ids: string[]) => ids.map((tag) => ({ contact: '113', tag }));
const customer = { id: '16', tag: 'customer' };
const vip = { id: '23', tag: 'VIP, gold' };
const page = (total: number, ...tags: object[]): Reply => ({
  body: { tags, meta: { total: String(total) } },
});
const asked = () => crm.received.map(({ method, url }) => `${method} ${url?.replace('/api/', '')}`);
const client = (memory: Memory = createMemory(), now = '2026-03-01T12:00:00Z') =>
  crm.client(connector, { memory, now: () => new Date(now) });

describe('a contact whose tags are asked for by a further call', () => {
  it('has the labels that come beside them, and only its own', async () => {
    crm.answer(
      { body: ada },
      { body: { contactTags: linked('23', '16'), tags: [customer, vip, { id: '99', tag: 'x' }] } },
    );
    expect(await client().load('113')).toEqual({
      id: '113',
      email: 'ada@example.com',
      fields: new Map([...Object.entries(ada.contact), ['6', '||mathematics||']]),
      tags: ['VIP, gold', 'customer'],
    });
    expect(asked()).toEqual(['GET contacts/113', 'GET contacts/113/contactTags?include=tag']);
    expect(crm.calls.map(({ template }) => template)).toEqual(['contacts/{}', 'contacts/{}/contactTags']);
    expect(crm.received.map(({ headers }) => headers['api-token'])).toEqual(['fake-token', 'fake-token']);
  });

  it('has those of the dictionary, where none come beside them; it is read page by page, and kept', async () => {
    const memory = createMemory();
    const tagless = { body: { contactTags: linked('16', '23') } };
    crm.answer({ body: ada }, tagless, page(3, { id: '1', tag: 'a' }, customer), page(3, vip));
    expect(await client(memory).load('113')).toMatchObject({ tags: ['customer', 'VIP, gold'] });
    expect(asked().slice(2)).toEqual(['GET tags?limit=2&offset=0', 'GET tags?limit=2&offset=2']);
    crm.answer({ body: ada }, tagless);
    expect(await client(memory, '2026-03-01T12:59:59Z').load('113')).toMatchObject({
      tags: ['customer', 'VIP, gold'],
    });
    expect(asked()).toHaveLength(2);
    crm.answer({ body: ada }, tagless, page(2, { ...customer, tag: 'renamed' }, vip));
    expect(await client(memory, '2026-03-01T13:00:00Z').load('113')).toMatchObject({
      tags: ['renamed', 'VIP, gold'],
    });
  });

  it('makes the dictionary be read anew when it lacks a label', async () => {
    const memory = createMemory();
    crm.answer({ body: ada }, { body: { contactTags: linked('16') } }, page(1, customer));
    await client(memory).load('113');
    crm.answer({ body: ada }, { body: { contactTags: linked('23') } }, page(2, customer, vip));
    expect(await client(memory).load('113')).toMatchObject({ tags: ['VIP, gold'] });
    expect(asked()).toHaveLength(3);
  });

  it.each<[name: string, replies: Reply[], code: string]>([
    ['a label is nowhere', [{ body: { contactTags: linked('7') } }, page(1, customer)], 'crm_answer_invalid'],
    ['the links have an unknown shape', [{ body: { tags: [] } }], 'crm_answer_invalid'],
    ['the links are not answered', [{ status: 503 }, { status: 503 }], 'crm_unavailable'],
    [
      'the dictionary has an unknown shape',
      [{ body: { contactTags: linked('7') } }, { body: {} }],
      'crm_answer_invalid',
    ],
    [
      'the dictionary is limited',
      [{ body: { contactTags: linked('7') } }, { status: 429 }],
      'crm_rate_limited',
    ],
    [
      'the dictionary is refused',
      [{ body: { contactTags: linked('7') } }, { status: 403 }],
      'crm_credentials_rejected',
    ],
    [
      'there is no dictionary',
      [{ body: { contactTags: linked('7') } }, { status: 404, body: {} }],
      'crm_answer_invalid',
    ],
    ['it is gone between two calls', [{ status: 404, body: {} }], 'contact_not_found'],
  ])('is never one without tags: %s', async (_name, replies, code) => {
    crm.answer({ body: ada }, ...replies);
    await expect(client().load('113')).rejects.toMatchObject({ code });
  });

  it('keeps no dictionary that was not read to its end', async () => {
    const memory = createMemory();
    const tagless = { body: { contactTags: linked('16') } };
    crm.answer({ body: ada }, tagless, page(3, customer), { status: 429 });
    await expect(client(memory).load('113')).rejects.toMatchObject({ code: 'crm_rate_limited' });
    crm.answer({ body: ada }, tagless, page(1, customer));
    expect(await client(memory).load('113')).toMatchObject({ tags: ['customer'] });
    expect(asked()).toHaveLength(3);
  });
});

describe('a search that gives ids only', () => {
  it('is followed by a load of each, and the address counts', async () => {
    const other = { contact: { id: '7', email: 'ada+old@example.com' }, fieldValues: [] };
    const none = { body: { contactTags: [], tags: [] } };
    crm.answer(
      { body: { contacts: [{ id: '7' }, { id: '113' }] } },
      { body: other },
      none,
      { body: ada },
      none,
    );
    expect(await client().loadByEmail('ADA@example.com')).toMatchObject({ id: '113', tags: [] });
    expect(asked()).toEqual([
      'GET contacts?email=ADA%40example.com',
      'GET contacts/7',
      'GET contacts/7/contactTags?include=tag',
      'GET contacts/113',
      'GET contacts/113/contactTags?include=tag',
    ]);
  });

  it('finds nobody, also when the hit is gone meanwhile', async () => {
    crm.answer({ body: { contacts: [] } });
    expect(await client().loadByEmail('ada@example.com')).toBeUndefined();
    crm.answer({ body: { contacts: [{ id: '113' }] } }, { status: 404, body: {} });
    expect(await client().loadByEmail('ada@example.com')).toBeUndefined();
  });

  it('says nothing of anybody when a hit cannot be read', async () => {
    crm.answer({ body: { contacts: [{ id: '113' }] } }, { body: ada }, { body: {} });
    await expect(client().loadByEmail('ada@example.com')).rejects.toMatchObject({
      code: 'crm_answer_invalid',
    });
  });
});
