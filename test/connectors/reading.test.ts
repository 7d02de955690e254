import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { connectorOf } from '../../functions/crm/registry.ts';
import { allEntries } from './entries.ts';

describe.each(allEntries)('%s reads', (crm, { examples, otherAnswers, refused }) => {
  const connector = connectorOf(crm);
  const recorded = examples.flatMap(({ name, recorded: answers, contact }) =>
    Object.entries(answers).map(([shape, answer]) => [`${name}: ${shape}`, answer, contact] as const),
  );

  it.each(recorded)('%s', (_name, answer, expected) => {
    const before = structuredClone(answer);
    const [contact, ...others] = connector.readContacts(answer);
    expect(others).toEqual([]);
    expect(contact).toMatchObject({ id: expected.id, tags: expected.tags });
    expect(Object.fromEntries(contact?.fields ?? [])).toMatchObject(expected.fields);
    expect(answer).toEqual(before);
  });

  it.each(recorded)('%s: everything that is mapped by default', (_name, answer) => {
    const [contact] = connector.readContacts(answer);
    const missing = Object.values(connector.defaultFields).filter(({ field }) => !contact?.fields.get(field));
    expect(missing).toEqual([]);
  });

  it.each(Object.entries(otherAnswers))('%s', (_name, [answer, ids]) => {
    expect(connector.readContacts(answer).map(({ id }) => id)).toEqual(ids);
  });

  it.each(Object.entries(refused))('not: %s', (_name, answer) => {
    expect(() => connector.readContacts(answer)).toThrow(z.ZodError);
  });
});
