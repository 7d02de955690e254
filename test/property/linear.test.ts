import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import * as z from 'zod';
import { profileOf } from '../../functions/actions/profile.ts';
import { fieldTypes, mapped } from '../../functions/crm/connector.ts';
import { convert } from '../../functions/crm/field-value.ts';
import { UsherError } from '../../functions/errors.ts';
import { emailAddress } from '../../functions/mail/email-address.ts';
import { account, allEntries } from '../connectors/entries.ts';
import { talk } from '../connectors/talk.ts';
import { workOf } from './work.ts';

/** Beginnings, middles to repeat, and ends, out of which slow texts are made. */
const pieces = ['1', '0', 'a', ' ', '.', '@', '+', ',', '\u200B', '2026-01-31', 'a@b.', 'é', '=?', '\n', '['];
const piece = fc.constantFrom('', ...pieces);
const repeated = fc.tuple(piece, fc.constantFrom(...pieces), piece);
const text = ([start, middle, end]: [string, string, string], times: number) =>
  `${start}${middle.repeat(times)}${end}`;

/** What a text may be part of. */
const shapes = fc.constantFrom<(text: string, times: number) => unknown>(
  (one) => one,
  (one, times) => Array.from({ length: times }, () => one.slice(0, 3)),
  (_one, times) => Array.from({ length: times }, () => null),
  (_one, times) => Array.from({ length: times }, () => [[], null]),
  (one, times) => ({
    a: Object.fromEntries(Array.from({ length: times }, (_, n) => [`k${n}`, one.slice(0, 3)])),
  }),
);
const times = fc.constantFrom(32, 64, 1000, 8192, 20_000);

/** Twice the input may be twice the work, and no more: but for a handful of steps that both have. */
function expectLinear(make: (times: number) => unknown, count: number, read: (value: unknown) => unknown) {
  const [once, twice] = [count, 2 * count].map((n) => workOf(make(n), read));
  if (!once || !twice) throw new Error('Nothing was measured.');
  const fixed = 10_000_000;
  expect(twice.searched).toBeLessThanOrEqual(2 * once.searched + fixed);
  expect(twice.looks).toBeLessThanOrEqual(2 * once.looks + 100);
}

describe('twice as much to read is at most twice the work', () => {
  it.each(fieldTypes)('for a value of type %s', (type) => {
    fc.assert(
      fc.property(repeated, shapes, times, (parts, shape, count) => {
        expectLinear(
          (n) => shape(text(parts, n), n),
          count,
          (value) => convert(value, type),
        );
      }),
      { numRuns: 25 },
    );
  });

  it.each(['user_email', 'user_login', 'user_pass', 'role', 'first_name'])('for %s', (key) => {
    const map = { user_email: mapped('other'), [key]: mapped('field') };
    fc.assert(
      fc.property(repeated, shapes, times, (parts, shape, count) => {
        const read = (value: unknown) =>
          profileOf({ id: '1', email: undefined, fields: new Map([['field', value]]), tags: [] }, map);
        expectLinear((n) => shape(text(parts, n), n), count, read);
      }),
      { numRuns: 25 },
    );
  });

  it('for an address', () => {
    fc.assert(
      fc.property(repeated, times, (parts, count) => {
        expectLinear(
          (n) => text(parts, n),
          count,
          (value) => emailAddress(value),
        );
      }),
      { numRuns: 25 },
    );
  });

  it.each(allEntries)('for what %s calls a person', (crm, entry) => {
    const { api, connector } = account(crm, entry);
    const [example] = entry.examples;
    if (!example) throw new Error('There is no example.');
    const { id, tags, fields } = example.contact;
    const [answers = []] = Object.values(example.recorded);
    const words = [...tags, ...Object.values(fields)].filter(
      (word) => typeof word === 'string' && word !== id && !/^\d+$/.test(word),
    );
    /** The recorded answers, with a text in place of tags and fields. */
    const answersWith = (value: string) =>
      JSON.parse(
        words.reduce<string>(
          (whole, word) => whole.replaceAll(JSON.stringify(word), () => JSON.stringify(value)),
          JSON.stringify(answers),
        ),
      ) as unknown[];
    fc.assert(
      fc.property(repeated, times, (parts, count) => {
        expectLinear(
          (n) => answersWith(text(parts, n)),
          count,
          (given) => read(() => talk(api.load({ id }, Object.keys(fields)), given as unknown[])),
        );
        expectLinear(
          (n) => text(parts, n).slice(0, 256),
          count,
          (value) => connector.contactId(String(value)),
        );
      }),
      { numRuns: 25 },
    );
  });
});

/** Reads, or refuses: both are quick. */
function read(load: () => unknown): void {
  try {
    load();
  } catch (error) {
    if (!(error instanceof z.core.$ZodError) && !(error instanceof UsherError)) throw error;
  }
}

it('sixty thousand digits and a letter are read at once', () => {
  const work = workOf(`${'1'.repeat(60_000)}x`, (value) => fieldTypes.map((type) => convert(value, type)));
  expect(work.searched).toBe(0);
});
