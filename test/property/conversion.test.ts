import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import * as z from 'zod';
import { type FieldType, fieldTypes } from '../../functions/crm/connector.ts';
import { userengage } from '../../functions/crm/connectors/userengage.ts';
import { convert, type FieldValue } from '../../functions/crm/field-value.ts';
import { retryAfterSeconds } from '../../functions/crm/retry-after.ts';
import { UsherError } from '../../functions/errors.ts';
import { emailAddress, uniqueSpelling } from '../../functions/mail/email-address.ts';
import { account, allEntries } from '../connectors/entries.ts';
import { talk } from '../connectors/talk.ts';
import { anyJson, anyJsonText, anyText } from './texts.ts';

/** Whether DynamoDB and its document client take a value and give it back as it is. */
function isStorable(value: FieldValue | undefined, depth = 0): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value === 'number') {
    return (
      Math.abs(value) <= Number.MAX_SAFE_INTEGER &&
      !Object.is(value, -0) &&
      (value === 0 || Math.abs(value) >= 1e-130)
    );
  }
  if (typeof value === 'boolean') return true;
  if (typeof value !== 'object' || depth > 16) return false;
  const entries = Object.entries(value);
  return entries.every(([key, inner]) => key !== '' && key.isWellFormed() && isStorable(inner, depth + 1));
}

describe('the conversion of any value', () => {
  const given = fc.oneof(anyJson(['a', '__proto__', '']), fc.anything());

  it.each(fieldTypes)('to %s never throws and can be stored', (type) => {
    fc.assert(
      fc.property(given, (value) => {
        const converted = convert(value, type);
        expect(['empty', 'invalid', 'object']).toContain(
          typeof converted === 'object' ? 'object' : converted,
        );
        if (typeof converted === 'object') expect(isStorable(converted.value)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it.each(fieldTypes)('to %s changes nothing more the second time', (type) => {
    fc.assert(
      fc.property(given, (value) => {
        const converted = convert(value, type);
        if (typeof converted !== 'object' || convert(converted.value, type) === 'empty') return;
        expect(convert(converted.value, type)).toEqual(converted);
      }),
      { numRuns: 500 },
    );
  });

  it.each<[type: FieldType, value: fc.Arbitrary<unknown>]>([
    [
      'number',
      fc
        .double({ noNaN: true, min: -1e15, max: 1e15 })
        .filter((value) => value === 0 || Math.abs(value) > 1e-99),
    ],
    ['integer', fc.maxSafeInteger()],
    ['checkbox', fc.boolean()],
    [
      'datetime',
      fc
        .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
        .map((date) => date.toISOString()),
    ],
    [
      'date',
      fc
        .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
        .map((date) => date.toISOString().slice(0, 10)),
    ],
  ])('to %s is the same for a value and for its text', (type, arbitrary) => {
    fc.assert(
      fc.property(arbitrary, (value) => {
        const plain = typeof value === 'number' ? value + 0 : value;
        expect(convert(value, type)).toEqual({ value: plain });
        expect(convert(` ${String(value)} `, type)).toEqual({ value: plain });
      }),
      { numRuns: 300 },
    );
  });
});

describe('any answer of a CRM', () => {
  const keys = ['users', 'id', 'tags', 'email', 'name', 'results', 'attributes', 'name_std', 'value'];
  const person = fc.record(
    {
      id: fc.oneof(anyJsonText, fc.integer()),
      tags: anyJson(keys),
      attributes: anyJson(keys),
      name: anyJsonText,
    },
    { requiredKeys: ['id'] },
  );
  const answer = fc.oneof(
    anyJson(keys),
    person,
    fc.array(person, { maxLength: 3 }),
    fc.record({ users: fc.array(person, { maxLength: 3 }) }),
  );

  it.each(allEntries)('%s: is refused, or names contacts by text with clean tags', (crm, entry) => {
    const { api } = account(crm, entry);
    fc.assert(
      fc.property(answer, (given) => {
        const contacts = readOrRefuse(() => talk(api.load({ id: '7' }, []), mostAnswers.fill(given)).result);
        for (const { id, email, tags } of contacts) {
          expect(typeof id).toBe('string');
          expect(id).not.toBe('');
          expect(['string', 'undefined']).toContain(typeof email);
          expect(new Set(tags).size).toBe(tags.length);
          for (const tag of tags) expect(tag !== '' && tag === tag.trim() && tag.isWellFormed()).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});

/** Whatever is asked next gets the same. As many as the client lets a question take. */
const mostAnswers = Array<unknown>(100);
const isEndless = (error: unknown) => Error.isError(error) && error.message.startsWith('There is no answer');

function readOrRefuse<Contact>(read: () => readonly Contact[]): readonly Contact[] {
  try {
    return read();
  } catch (error) {
    if (!isEndless(error) && !(error instanceof UsherError)) expect(error).toBeInstanceOf(z.core.$ZodError);
    return [];
  }
}

it('any Retry-After is some seconds, or nothing', () => {
  const now = new Date('2026-03-01T12:00:00Z');
  const header = fc.oneof(anyText, fc.date().map(String), fc.double().map(String), fc.bigInt().map(String));
  fc.assert(
    fc.property(header, (text) => {
      const seconds = retryAfterSeconds(text, now);
      if (seconds === undefined) return;
      expect(Number.isInteger(seconds)).toBe(true);
      expect(seconds).toBeGreaterThanOrEqual(0);
      expect(seconds).toBeLessThanOrEqual(12 * 60 * 60);
    }),
    { numRuns: 1000 },
  );
});

it('any address that is taken fits into a header and a key', () => {
  const given = fc.oneof(
    anyText,
    fc.tuple(anyText, anyText).map(([local, domain]) => `${local}@${domain}.com`),
    fc.emailAddress(),
  );
  fc.assert(
    fc.property(given, (text) => {
      const address = emailAddress(text);
      if (address === undefined) return;
      expect(address).not.toMatch(/[\s<>,;"\p{Cc}]/u);
      expect(address.split('@')).toHaveLength(2);
      expect(uniqueSpelling(address).length).toBeLessThanOrEqual(254);
      expect(emailAddress(address)).toBe(address);
    }),
    { numRuns: 1000 },
  );
});

it('any UserEngage account that is taken is at the vendor’s', () => {
  const part = fc.constantFrom(
    'acme',
    '.',
    '-',
    '/',
    '#',
    '@',
    ':',
    '\\',
    '。',
    'user.com',
    '.user.com',
    'userengage.com',
    'evil.com',
    '127.0.0.1',
  );
  const given = fc.oneof(
    anyText,
    fc.array(part, { maxLength: 5 }).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(given, (account) => {
      const checked = userengage.settings.safeParse({ account });
      if (!checked.success) return;
      const url = new URL(userengage.api(checked.data).baseUrl);
      expect(url.href).toMatch(/^https:\/\/[a-z0-9.-]+\.(user|userengage)\.com\/api\/public\/$/);
    }),
    { numRuns: 1000 },
  );
});
