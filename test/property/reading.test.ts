import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { connectorOf } from '../../functions/crm/registry.ts';
import { braces } from '../../functions/crm/template-forms.ts';
import { UsherError } from '../../functions/errors.ts';
import { readPayload } from '../../functions/webhook/body.ts';
import { type BodyForm, namedContacts } from '../../functions/webhook/named-contacts.ts';
import { lookup, parameterNames, readParameters } from '../../functions/webhook/parameters.ts';
import { allEntries } from '../connectors/entries.ts';
import { anyJson, anyJsonText, anyText } from './texts.ts';

const keys = [...parameterNames, 'id', 'user', 'extra', 'user_id', 'endUserData'];
const form = fc
  .array(fc.tuple(fc.oneof(fc.constantFrom(...keys, 'user[id]'), anyText), anyText), { maxLength: 5 })
  .map((pairs) => new URLSearchParams(pairs));
const body = fc.oneof(
  anyText,
  anyJson(keys).map((value) => JSON.stringify(value)),
  fc
    .array(fc.record({ id: fc.oneof(anyJsonText, fc.integer()) }), { maxLength: 5 })
    .map((list) => JSON.stringify(list)),
  form.map(String),
  fc.json(),
);

/** What a reader gives, or nothing when it refuses as it should. */
function readOrRefuse<Result>(read: () => Result): Result | undefined {
  try {
    return read();
  } catch (error) {
    expect(error).toBeInstanceOf(UsherError);
    expect((error as UsherError).code).toMatch(
      /^(malformed_body|invalid_parameter|unknown_action|payload_too_large|template_not_filled)$/,
    );
    return undefined;
  }
}

const isSound = (text: string) => text !== '' && text === text.trim() && text.isWellFormed();

describe('any request', () => {
  it('has parameters that are sound, or is refused', () => {
    fc.assert(
      fc.property(form, body, (query, text) => {
        const read = readOrRefuse(() => readParameters(query, lookup(query, readPayload(text))));
        if (read === undefined) return;
        for (const value of [read.contactId, read.role, read.email]) {
          if (value !== undefined) expect(isSound(value)).toBe(true);
        }
        expect([...(read.contactId ?? '')].length).toBeLessThanOrEqual(256);
        expect([typeof read.isAsync, typeof read.sendNotification]).toEqual(['boolean', 'boolean']);
      }),
      { numRuns: 1000 },
    );
  });

  const twice: BodyForm = {
    webhook: { ids: [['user', 'id'], ['id']], emails: [['user', 'user_id'], ['extra']] },
    templateForms: braces,
    contactId: (text) => text.toLowerCase(),
  };
  it.each<[name: string, form: BodyForm]>([
    ...allEntries.map(([crm]): [string, BodyForm] => [crm, connectorOf(crm)]),
    ['a CRM with several places for ids and addresses', twice],
  ])('of %s names contacts that are sound, or is refused', (_crm, connector) => {
    fc.assert(
      fc.property(body, (text) => {
        const read = readOrRefuse(() => namedContacts(readPayload(text), connector));
        if (read === undefined) return;
        const named = read.contacts.map((contact) => JSON.stringify(contact));
        expect(new Set(named).size).toBe(named.length);
        expect(read.places).toHaveLength(named.length);
        for (const contact of read.contacts) {
          const [id] = Object.values(contact) as [string];
          expect(isSound(id) && [...id].length <= 256).toBe(true);
        }
        if (!read.isBatch) expect(read.contacts.length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 1000 },
    );
  });
});
