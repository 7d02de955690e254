import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { type CrmClient, createCrmClient } from '../../functions/crm/crm-client.ts';
import { createMemory } from '../../functions/crm/memory.ts';
import { createTransport } from '../../functions/crm/transport.ts';
import type { Fault } from '../../lib/sandbox/fault.ts';
import type { Sandbox } from '../../lib/sandbox/sandbox.ts';
import { startSandbox } from '../../lib/sandbox/start-sandbox.ts';
import { account, allEntries } from './entries.ts';

const handler = new NodeHttpHandler();
afterAll(() => handler.destroy());

/** Fakes are not trusted: the sandbox has to give the connector what the recorded answers give it. */
describe.each(allEntries)('the sandbox of %s', (crm, entry) => {
  const { connector, api } = account(crm, entry);
  let sandbox: Sandbox;
  let baseUrl: string;
  beforeAll(async () => {
    sandbox = await startSandbox(crm, { token: 'fake-token', secrets: entry.credentials });
    baseUrl = sandbox.url.endsWith('/') ? sandbox.url : `${sandbox.url}/`;
  });
  beforeEach(() => {
    sandbox.people.reset();
    sandbox.faults.clear();
  });
  afterAll(() => sandbox.stop());

  const client = (apiToken = 'fake-token', headers: Readonly<Record<string, string>> = {}): CrmClient =>
    createCrmClient({
      connector,
      api: {
        ...api,
        authorise(request, credentials) {
          const authorised = api.authorise(request, credentials);
          return { ...authorised, headers: { ...authorised.headers, ...headers } };
        },
      },
      baseUrl,
      credentials: () => Promise.resolve({ ...entry.credentials, apiToken }),
      wanted: Object.values(connector.defaultFields).map(({ field }) => field),
      memory: createMemory(),
      transport: createTransport(handler),
      signal: new AbortController().signal,
      timeoutMs: 5000,
      now: () => new Date(),
      sleep: () => Promise.resolve(),
    });
  const examples = entry.examples.map((example) => [example.name, example] as const);

  it.each(examples)('answers by id as the CRM does: %s', async (_name, { sandbox: person, contact }) => {
    sandbox.people.put(person);
    const { id, fields, tags } = await client().load(contact.id);
    expect({ id, tags }).toEqual({ id: contact.id, tags: contact.tags });
    expect(Object.fromEntries(fields)).toMatchObject(contact.fields);
  });

  it.each(examples)('answers by e-mail as the CRM does: %s', async (_name, { sandbox: person, contact }) => {
    const email = `search.${contact.id}@example.com`;
    sandbox.people.put({ ...person, email });
    expect(await client().loadByEmail(email)).toMatchObject({ id: contact.id, tags: contact.tags });
    expect(await client().loadByEmail(`x${email}`)).toBeUndefined();
  });

  it.each(Object.entries(entry.versions))('answers in all its shapes: %s', async (_version, headers) => {
    for (const { sandbox: person, contact } of entry.examples) {
      sandbox.people.put(person);
      const { id, fields, tags } = await client('fake-token', headers).load(contact.id);
      expect({ id, tags }).toEqual({ id: contact.id, tags: contact.tags });
      expect(Object.fromEntries(fields)).toMatchObject(contact.fields);
    }
  });

  it('is full of people whom the connector reads', async () => {
    const people = sandbox.people.list();
    expect(people.length).toBeGreaterThan(20);
    for (const { id, email } of people) {
      const contact = await client().load(String(id));
      expect(contact.email ?? null).toBe(email);
    }
  });

  it('knows a tag that is new since tags were asked for', async () => {
    const [example] = entry.examples;
    if (!example) throw new Error('There is no example.');
    sandbox.people.put(example.sandbox);
    const same = client();
    await same.load(example.contact.id);
    sandbox.people.put({ ...example.sandbox, tags: ['made just now'] });
    expect(await same.load(example.contact.id)).toMatchObject({ tags: ['made just now'] });
  });

  it('has no contact whom it does not have', async () => {
    await expect(client().load(entry.unknownId)).rejects.toThrow(
      expect.objectContaining({ code: 'contact_not_found' }),
    );
  });

  it.each(entry.writable)('keeps what is written to %s', async (field) => {
    const [example] = entry.examples;
    if (!example) throw new Error('There is no example.');
    sandbox.people.put(example.sandbox);
    await client().writeField(example.contact.id, field, 'Zürich "#1" 👍');
    const contact = await client().load(example.contact.id);
    expect(contact.fields.get(field)).toBe('Zürich "#1" 👍');
    expect(contact.tags).toEqual(example.contact.tags);
  });

  it('gets nobody new by a write to an unknown id', async () => {
    const before = sandbox.people.list().length;
    const written = client().writeField(entry.unknownId, String(entry.writable[0]), 'x');
    await expect(written).rejects.toThrow(expect.objectContaining({ code: 'contact_not_found' }));
    expect(sandbox.people.list()).toHaveLength(before);
  });

  it('lists all the fields that a contact is read with', async () => {
    const [example] = entry.examples;
    if (!example) throw new Error('There is no example.');
    sandbox.people.put(example.sandbox);
    const names = await client().fieldNames();
    expect(Object.keys(example.contact.fields).filter((field) => !names.has(field))).toEqual([]);
  });

  it('knows its token', async () => {
    await expect(client().testCredentials()).resolves.toBeUndefined();
    const refused = expect.objectContaining({ code: 'crm_credentials_rejected' });
    const stranger = client('another-token');
    await expect(stranger.testCredentials()).rejects.toThrow(refused);
    await expect(stranger.load(entry.unknownId)).rejects.toThrow(refused);
    await expect(stranger.loadByEmail('ada@example.com')).rejects.toThrow(refused);
    await expect(stranger.writeField(entry.unknownId, String(entry.writable[0]), 'x')).rejects.toThrow(
      refused,
    );
  });

  it.each<[kind: Fault['kind'], code: string]>([
    ['html', 'crm_answer_invalid'],
    ['garbage', 'crm_answer_invalid'],
    ['truncate', 'crm_answer_invalid'],
    ['unknown_shape', 'crm_answer_invalid'],
    ['no_tags_shape', 'crm_answer_invalid'],
    ['redirect', 'crm_answer_invalid'],
    ['oversize', 'crm_answer_invalid'],
    ['html_status', 'crm_unavailable'],
    ['reset', 'crm_unavailable'],
    ['reset_after_headers', 'crm_unavailable'],
    ['truncate_wrong_length', 'crm_unavailable'],
  ])('broken by %s says nothing about anybody: %s', async (kind, code) => {
    const [example] = entry.examples;
    if (!example) throw new Error('There is no example.');
    sandbox.people.put({ ...example.sandbox, email: 'broken@example.com' });
    sandbox.faults.inject({ kind });
    const broken = expect.objectContaining({ code, retryable: true });
    await expect(client().load(example.contact.id)).rejects.toThrow(broken);
    await expect(client().loadByEmail('broken@example.com')).rejects.toThrow(broken);
  });
});
