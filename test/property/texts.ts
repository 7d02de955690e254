import fc from 'fast-check';

/** Texts that mean something to URLs, JSON, forms, DynamoDB, objects, terminals or mail. */
const suspicious = fc.constantFrom(
  '',
  ' ',
  '#',
  '/',
  '..',
  '?',
  '&',
  '=',
  '%',
  '%2F',
  '+',
  '\\',
  '"',
  "'",
  '<script>',
  '{{login}}',
  '__proto__',
  'constructor',
  'toString',
  'null',
  'undefined',
  'NaN',
  'true',
  '0',
  '-1',
  '1e400',
  '2026-02-30',
  '\u0000',
  '\r\nBcc: eve@example.com',
  '\u2028',
  '\u202E',
  '\uFEFF',
  'cafe\u0301',
  'ﷺ',
  '👩‍👩‍👧‍👦',
  '🏳️‍🌈',
  '山田',
  'عميل',
);

/** Any text, in and out of the ordinary; no half surrogate pairs, which only JSON can carry. */
export const anyText = fc.oneof(
  suspicious,
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.array(suspicious, { maxLength: 4 }).map((parts) => parts.join('')),
);

/** Any text that JSON can carry. */
export const anyJsonText = fc.oneof(
  { weight: 9, arbitrary: anyText },
  { weight: 1, arbitrary: fc.constantFrom('\uD83D', 'a\uDC00b') },
);

/** Any JSON value, its keys often one of these. */
export function anyJson(
  keys: readonly string[],
  text: fc.Arbitrary<string> = anyJsonText,
): fc.Arbitrary<unknown> {
  const key = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...keys) }, { weight: 1, arbitrary: text });
  return fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.oneof(
        text,
        fc.constantFrom(null, true, false),
        fc.integer(),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
      ),
      fc.array(tie('value'), { maxLength: 4 }),
      // Parsed, so that `__proto__` is a key like any other.
      fc
        .array(fc.tuple(key, tie('value')), { maxLength: 4 })
        .map(
          (entries) =>
            JSON.parse(
              `{${entries.map(([k, v]) => `${JSON.stringify(k)}:${JSON.stringify(v)}`).join()}}`,
            ) as unknown,
        ),
    ),
  })).value;
}
