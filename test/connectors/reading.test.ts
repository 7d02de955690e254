import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { account, allEntries } from './entries.ts';
import { line, talk } from './talk.ts';

describe.each(allEntries)('%s reads', (crm, entry) => {
  const { connector, api } = account(crm, entry);
  const wanted = Object.values(connector.defaultFields).map(({ field }) => field);
  const contactsIn = (answers: readonly unknown[], id = entry.unknownId) =>
    talk(api.load({ id }, wanted), answers).result;
  const recorded = entry.examples.flatMap(({ name, recorded: shapes, contact }) =>
    Object.entries(shapes).map(([shape, answers]) => [`${name}: ${shape}`, answers, contact] as const),
  );

  it.each(recorded)('%s', (_name, answers, expected) => {
    const before = structuredClone(answers);
    const [contact, ...others] = contactsIn(answers, expected.id);
    expect(others).toEqual([]);
    expect(contact).toMatchObject({ id: expected.id, tags: expected.tags });
    expect(Object.fromEntries(contact?.fields ?? [])).toMatchObject(expected.fields);
    expect(contact?.email).toBe(contact?.fields.get(connector.defaultFields['user_email']?.field ?? ''));
    expect(answers).toEqual(before);
  });

  it.each(recorded)('%s: everything that is mapped by default', (_name, answers, { id }) => {
    const [contact] = contactsIn(answers, id);
    expect(wanted.filter((field) => !contact?.fields.get(field))).toEqual([]);
  });

  it.each(Object.entries(entry.otherAnswers))('%s', (_name, [answers, ids]) => {
    expect(contactsIn(answers).map(({ id }) => id)).toEqual(ids);
  });

  for (const [name, [answers, fields]] of Object.entries(entry.fields ?? {})) {
    it(`fields of a contact: ${name}`, () => {
      const [contact] = contactsIn(answers);
      expect(Object.fromEntries(contact?.fields ?? [])).toMatchObject(fields);
    });
  }

  for (const [name, [settings, answers, tags, lines]] of Object.entries(entry.otherSettings ?? {})) {
    it(`under other settings: ${name}`, () => {
      const other = connector.api(connector.settings.parse(settings));
      const read = () => talk(other.load({ id: entry.unknownId }, []), answers);
      if (tags === 'refused') {
        expect(read).toThrow(z.core.$ZodError);
        return;
      }
      const { result, requests } = read();
      expect(result.map((contact) => contact.tags)).toEqual([tags]);
      expect(requests.map(line)).toEqual(lines);
    });
  }

  it.each(Object.entries(entry.refused))('not: %s', (_name, answers) => {
    expect(() => contactsIn(answers)).toThrow(z.core.$ZodError);
  });

  it.each(Object.entries(entry.fieldLists))('fields: %s', (_name, [answers, names]) => {
    const all = [...talk(api.fields(), answers).result];
    expect(all).toEqual(expect.arrayContaining([...names]));
    expect(all.filter((name) => typeof name !== 'string')).toEqual([]);
  });

  it.each(Object.entries(entry.noFieldLists))('no fields: %s', (_name, answers) => {
    expect(() => talk(api.fields(), answers)).toThrow(z.core.$ZodError);
  });
});
