import { describe, expect, it } from '@jest/globals';
import { neededSecrets } from '../../functions/crm/connector.ts';
import { connectorOf } from '../../functions/crm/registry.ts';
import { passwordField } from '../../lib/dev/further-connections.ts';
import { descriptions } from '../../lib/sandbox/descriptions.ts';
import type { Fault } from '../../lib/sandbox/fault.ts';
import { allEntries } from './entries.ts';
import { playedCrm } from './played-crm.ts';

/** Fakes are not trusted: the sandbox has to give the connector what the recorded answers give it. */
describe.each(allEntries)('the sandbox of %s', (crm, entry) => {
  const played = playedCrm(crm, entry);
  const { client } = played;
  const examples = entry.examples.map((example) => [example.name, example] as const);

  it.each(examples)('answers by id as the CRM does: %s', async (_name, { sandbox: person, contact }) => {
    played.sandbox.people.put(person);
    const { id, fields, tags } = await client().load(contact.id);
    expect({ id, tags }).toEqual({ id: contact.id, tags: contact.tags });
    expect(Object.fromEntries(fields)).toMatchObject(contact.fields);
  });

  it.each(examples)('answers by e-mail as the CRM does: %s', async (_name, { sandbox: person, contact }) => {
    const email = `search.${contact.id}@example.com`;
    played.sandbox.people.put({ ...person, email });
    expect(await client().loadByEmail(email)).toMatchObject({ id: contact.id, tags: contact.tags });
    expect(await client().loadByEmail(`x${email}`)).toBeUndefined();
  });

  it.each(Object.entries(entry.versions))('answers in all its shapes: %s', async (_version, headers) => {
    for (const { sandbox: person, contact } of entry.examples) {
      played.sandbox.people.put(person);
      const { id, fields, tags } = await client({ headers }).load(contact.id);
      expect({ id, tags }).toEqual({ id: contact.id, tags: contact.tags });
      expect(Object.fromEntries(fields)).toMatchObject(contact.fields);
    }
  });

  it('plays at the path of its own settings', () => {
    const { settings = {}, basePath } = descriptions[crm];
    const connector = connectorOf(crm);
    const { pathname } = new URL(connector.api(connector.settings.parse(settings)).baseUrl);
    expect(pathname).toBe(basePath.endsWith('/') ? basePath : `${basePath}/`);
  });

  it('is full of people whom the connector reads', async () => {
    const people = played.sandbox.people.list();
    expect(people.length).toBeGreaterThan(20);
    for (const { id, email } of people) {
      const contact = await client().load(String(id));
      expect(contact.email ?? null).toBe(email);
    }
  });

  it('knows a tag that is new since tags were asked for', async () => {
    const [example] = entry.examples;
    if (!example) throw new Error('There is no example.');
    played.sandbox.people.put(example.sandbox);
    const same = client();
    await same.load(example.contact.id);
    played.sandbox.people.put({ ...example.sandbox, tags: ['made just now'] });
    expect(await same.load(example.contact.id)).toMatchObject({ tags: ['made just now'] });
  });

  it('knows choices of a field that are new since fields were asked for', async () => {
    const chess = { email: 'ada@example.com', fields: { interests: ['chess'] } };
    const { id } = played.sandbox.people.put(chess);
    const same = client();
    await same.load(id);
    played.sandbox.people.put({ ...chess, id, fields: { interests: ['chess', 'go'] } });
    expect((await same.load(id)).fields).toEqual((await client().load(id)).fields);
  });

  it('has no contact whom it does not have', async () => {
    await expect(client().load(entry.unknownId)).rejects.toThrow(
      expect.objectContaining({ code: 'contact_not_found' }),
    );
  });

  it.each(entry.writable)('keeps what is written to %s', async (field) => {
    const [example] = entry.examples;
    if (!example) throw new Error('There is no example.');
    played.sandbox.people.put(example.sandbox);
    await client().writeField(example.contact.id, field, 'Zürich "#1" 👍');
    const contact = await client().load(example.contact.id);
    expect(contact.fields.get(field)).toBe('Zürich "#1" 👍');
    expect(contact.tags).toEqual(example.contact.tags);
  });

  it('keeps what is written to a field that it does not have, or refuses it', async () => {
    const { id } = played.sandbox.people.put({ email: 'new@example.com' });
    const written = client().writeField(id, 'no_such_field', 'fake-password');
    const outcome = await written.then(() => 'written').catch((error) => error.code);
    const kept = (await client().load(id)).fields.get('no_such_field');
    expect([outcome, kept]).toEqual(
      outcome === 'written' ? ['written', 'fake-password'] : ['crm_write_refused', undefined],
    );
  });

  it('keeps a returned password where people have it', async () => {
    const { id } = played.sandbox.people.put({ email: 'new@example.com' });
    await client().writeField(id, passwordField(crm), 'fake-password');
    expect(played.sandbox.people.get(id)?.fields).toMatchObject({ wp_password: 'fake-password' });
  });

  it('lists the field for returned passwords, where it lists fields', async () => {
    if (connectorOf(crm).hasSeenFields) return;
    expect(await client().fieldNames()).toContain(passwordField(crm));
  });

  it('gets nobody new by a write to an unknown id', async () => {
    const before = played.sandbox.people.list().length;
    const written = client().writeField(entry.unknownId, String(entry.writable[0]), 'x');
    await expect(written).rejects.toThrow(expect.objectContaining({ code: 'contact_not_found' }));
    expect(played.sandbox.people.list()).toHaveLength(before);
  });

  it('lists all the fields that a contact is read with', async () => {
    const [example] = entry.examples;
    if (!example) throw new Error('There is no example.');
    played.sandbox.people.put(example.sandbox);
    const names = await client().fieldNames();
    expect(Object.keys(example.contact.fields).filter((field) => !names.has(field))).toEqual([]);
  });

  it('knows its token', async () => {
    await expect(client().testCredentials()).resolves.toBeUndefined();
    const refused = expect.objectContaining({ code: 'crm_credentials_rejected' });
    const stranger = client({ credentials: { apiToken: 'another-token' } });
    await expect(stranger.testCredentials()).rejects.toThrow(refused);
    await expect(stranger.load(entry.unknownId)).rejects.toThrow(refused);
    await expect(stranger.loadByEmail('ada@example.com')).rejects.toThrow(refused);
    await expect(stranger.writeField(entry.unknownId, String(entry.writable[0]), 'x')).rejects.toThrow(
      refused,
    );
  });

  it.each(neededSecrets(connectorOf(crm).secrets))(
    'finds out by the check that %s is wrong',
    async (name) => {
      const wrong = client({ credentials: { [name]: 'another-secret' } });
      await expect(wrong.testCredentials()).rejects.toThrow(
        expect.objectContaining({ code: 'crm_credentials_rejected' }),
      );
    },
  );

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
    played.sandbox.people.put({ ...example.sandbox, email: 'broken@example.com' });
    played.sandbox.faults.inject({ kind });
    const broken = expect.objectContaining({ code, retryable: true });
    await expect(client().load(example.contact.id)).rejects.toThrow(broken);
    await expect(client().loadByEmail('broken@example.com')).rejects.toThrow(broken);
  });
});
