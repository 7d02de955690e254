import { describe, expect, it } from '@jest/globals';
import { deliverable, headerMailbox } from '../../../functions/mail/mailbox.ts';

/** What a mail reader shows for encoded words. */
function decoded(header: string): string {
  return header
    .replace(/\?= =\?/g, '?==?')
    .replace(/=\?UTF-8\?B\?([^?]*)\?=/g, (_all, base64: string) => Buffer.from(base64, 'base64').toString());
}

describe('a sender', () => {
  it.each([
    ['hello@example.com', 'hello@example.com'],
    ['<hello@example.com>', 'hello@example.com'],
    ['Example Site <hello@example.com>', 'Example Site <hello@example.com>'],
    ["Ada's Shop & Co <hello@example.com>", "Ada's Shop & Co <hello@example.com>"],
    ['Example, Inc. <hello@example.com>', '"Example, Inc." <hello@example.com>'],
    ['"Example, Inc." <hello@example.com>', '"Example, Inc." <hello@example.com>'],
    ['The "Shop" \\ Co <hello@example.com>', '"The \\"Shop\\" \\\\ Co" <hello@example.com>'],
    ['Shop (Berlin) <hello@example.com>', '"Shop (Berlin)" <hello@example.com>'],
    ['Müller <hello@example.com>', '=?UTF-8?B?TcO8bGxlcg==?= <hello@example.com>'],
    [
      '"Müller, Söhne" <hello@example.com>',
      `=?UTF-8?B?${Buffer.from('Müller, Söhne').toString('base64')}?= <hello@example.com>`,
    ],
    ['=?UTF-8?B?TcO8bGxlcg==?= <hello@example.com>', '=?UTF-8?B?TcO8bGxlcg==?= <hello@example.com>'],
    [' hello@example.com ', 'hello@example.com'],
    ['Shop < hello@example.com >', 'Shop <hello@example.com>'],
    ['The "Shop" <hello@example.com>', '"The \\"Shop\\"" <hello@example.com>'],
    ['"Shop" Berlin <hello@example.com>', '"\\"Shop\\" Berlin" <hello@example.com>'],
    ['"The \\"Shop\\"" <hello@example.com>', '"The \\"Shop\\"" <hello@example.com>'],
    ['Shop <hello@müller.example>', 'Shop <hello@xn--mller-kva.example>'],
  ])('%s → %s', (mailbox, header) => {
    expect(headerMailbox(mailbox)).toBe(header);
  });

  it.each(['顧客'.repeat(40), '👩‍👩‍👧‍👦'.repeat(20), `${'a'.repeat(44)}ü`.repeat(3)])(
    'has a long name cut between characters: %s',
    (name) => {
      const header = headerMailbox(`${name} <hello@example.com>`);
      expect(decoded(header)).toBe(`${name} <hello@example.com>`);
      for (const word of header.split(' ')) {
        expect(word.length).toBeLessThanOrEqual(75);
        expect(decoded(word)).not.toContain('\uFFFD');
      }
    },
  );
});

it('a name of 45 bytes fills one encoded word', () => {
  const name = `${'ü'.repeat(22)}a`;
  const word = `=?UTF-8?B?${Buffer.from(name).toString('base64')}?=`;
  expect(headerMailbox(`${name} <hello@example.com>`)).toBe(`${word} <hello@example.com>`);
});

it.each([
  ['ada@example.com', 'ada@example.com'],
  ['ada@bücher.example', 'ada@xn--bcher-kva.example'],
  ['ada@例子.广告', 'ada@xn--fsqu00a.xn--4rr70v'],
  ['ada@EXAMPLE.com', 'ada@example.com'],
  ['ada@exa mple.com', 'ada@exa mple.com'],
  ['ada@10.12', 'ada@10.12'],
  ['ada@１０.１２', 'ada@１０.１２'],
])('%s is mailed to %s', (email, address) => {
  expect(deliverable(email)).toBe(address);
});
