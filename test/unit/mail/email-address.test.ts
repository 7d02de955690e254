import { describe, expect, it } from '@jest/globals';
import {
  asciiDomain,
  emailAddress,
  forbiddenCharacter,
  isPlainlySpelled,
  uniqueSpelling,
} from '../../../functions/mail/email-address.ts';
import { isMailable } from '../../../functions/mail/mailable.ts';
import { deliverable, headerMailbox } from '../../../functions/mail/mailbox.ts';

describe('an address', () => {
  it.each([
    ['ada@example.com', 'ada@example.com'],
    ['  ada@example.com\n', 'ada@example.com'],
    ['Ada@Example.COM', 'Ada@Example.COM'],
    ['sam.filter+lists@example.com', 'sam.filter+lists@example.com'],
    ["o'brien@example.com", "o'brien@example.com"],
    ['用户@例子.广告', '用户@例子.广告'],
    ['zoe\u0308@example.com', 'zoë@example.com'],
    [`${'a'.repeat(64)}@example.com`, `${'a'.repeat(64)}@example.com`],
    [`a@${'b'.repeat(248)}.com`, `a@${'b'.repeat(248)}.com`],
  ])('%s', (text, address) => {
    expect(emailAddress(text)).toBe(address);
  });

  it.each<[name: string, text: unknown]>([
    ['no text', undefined],
    ['a number', 7],
    ['empty', ''],
    ['no @', 'ada.example.com'],
    ['two @', 'ada@lovelace@example.com'],
    ['no local part', '@example.com'],
    ['no domain', 'ada@'],
    ['no dot in the domain', 'ada@localhost'],
    ['a top-level domain of one letter', 'ada@example.c'],
    ['a trailing dot', 'ada@example.com.'],
    ['a space inside', 'ada lovelace@example.com'],
    ['a display name', 'Ada <ada@example.com>'],
    ['two addresses', 'ada@example.com,eve@example.com'],
    ['a list with semicolon', 'ada@example.com;eve@example.com'],
    ['a header', 'ada@example.com\r\nBcc: eve@example.com'],
    ['a NUL', 'ada\u0000@example.com'],
    ['a next-line character', 'ada\u0085@example.com'],
    ['quotes', '"ada"@example.com'],
    ['a literal', 'ada@[127.0.0.1]'],
    ['a local part of 65', `${'a'.repeat(65)}@example.com`],
    ['255 characters', `a@${'b'.repeat(249)}.com`],
    ['256 characters that would be fewer with look-alikes folded', `a@${'ｶﾞ'.repeat(125)}.com`],
    [
      'more than 254 characters with its domain in ASCII',
      `${'a'.repeat(64)}@${'例子告'.repeat(20)}.${'例子告'.repeat(20)}.${'例子告'.repeat(20)}`,
    ],
    ['more than 254 characters once look-alikes are unfolded', `a@${'ﬃ'.repeat(100)}.com`],
    ['a number for a domain', 'ada@10.12'],
    ['numbers for a domain', 'ada@127.0.00.01'],
    ['a hexadecimal number for a domain', 'ada@0x7f.0x1'],
    ['wide numbers for a domain', 'ada@１０.１２'],
    ['circled numbers for a domain', 'ada@example.①②'],
    ['1,025 characters, most of them blanks', `ada@example.com${' '.repeat(1010)}`],
    ['a wide comma', 'ada，eve@example.com'],
    ['a wide @', 'ada＠example.com'],
    ['a wide @ before another', 'ada＠example.com@example.org'],
  ])('none: %s', (_name, text) => {
    expect(emailAddress(text)).toBeUndefined();
  });
});

it.each([
  ['Ada@Example.com', 'ada@example.com'],
  [' ada ', 'ada'],
  ['ａｄａ@example.com', 'ada@example.com'],
  ['zoe\u0308', 'zoë'],
  ['Ada@Bücher.example', 'ada@xn--bcher-kva.example'],
  ['Ada@XN--BCHER-KVA.example', 'ada@xn--bcher-kva.example'],
  ['用户@例子.广告', '用户@xn--fsqu00a.xn--4rr70v'],
  ['ada@groß.example', 'ada@xn--gro-7ka.example'],
  ['ada@ΟΔΟΣ-ΑΒ.example', 'ada@xn----zlbdf8cb2a.example'],
  // Numbers at the end would make it an IP address, which it is not.
  ['ada@1.22', 'ada@1.22'],
  ['ada@é.22', 'ada@é.22'],
  ['ada@example.com:é', 'ada@example.com:é'],
  ['bücher', 'bücher'],
])('%j is unique as %j', (text, unique) => {
  expect(uniqueSpelling(text)).toBe(unique);
});

it.each([
  ['Ada@Example.com', true],
  ['ada@Bücher.example', true],
  ['ada@xn--bcher-kva.example', true],
  ['ada@ｂücher.example', true],
  ['ﬁona@example.com', false],
  ['ﬁona@bücher.example', false],
])('%j is plainly spelled: %j', (email, isPlain) => {
  expect(isPlainlySpelled(email)).toBe(isPlain);
});

const unseen = [
  '\u00AD',
  '\u034F',
  '\u061C',
  '\u115F',
  '\u17B4',
  '\u180E',
  '\u200B',
  '\u200D',
  '\u2060',
  '\u2800',
];

const more = ['\u3164', '\uFE0F', '\uFEFF', '\uFFA0', '\u{1D173}', '\u{E0001}', '\u{E0100}'];

describe.each([...unseen, ...more].map((character) => [character.codePointAt(0)?.toString(16), character]))(
  'what nobody sees: U+%s',
  (hex = '', character = '') => {
    it('is trimmed', () => {
      expect(emailAddress(`${character} ada@example.com${character}\n${character}`)).toBe('ada@example.com');
    });

    it.each([
      ['before the @', `a${character}da@example.com`],
      ['behind the @', `ada@${character}example.com`],
      ['at the end of a label', `ada@example${character}.com`],
    ])('makes no address, and is named: %s', (_name, text) => {
      expect(emailAddress(text)).toBeUndefined();
      expect(forbiddenCharacter(text)).toBe(`U+${hex.toUpperCase().padStart(4, '0')}`);
    });
  },
);

it.each([
  ['ada@example.com', undefined],
  ['ada', undefined],
  [' ada@example.com\u200B ', undefined],
  ['Ada <ada@example.com>', 'U+0020'],
  ['ada,eve@example.com', 'U+002C'],
  ['ada\u0000@example.com', 'U+0000'],
  ['ada\u0600@example.com', 'U+0600'],
  ['x'.repeat(1025), undefined],
])('what keeps %j from being an address: %s', (text, character) => {
  expect(forbiddenCharacter(text)).toBe(character);
});

it.each([
  ['example.com', 'example.com'],
  ['bücher.example', 'xn--bcher-kva.example'],
  ['10.12', ''],
  ['10.12.', ''],
  ['１０.１２', ''],
  ['é.22', ''],
  ['0x7f.1', ''],
  ['0x', ''],
  ['7', ''],
  ['22.example', '22.example'],
  ['exa mple', ''],
])('%s in ASCII is %j', (domain, ascii) => {
  expect(asciiDomain(domain)).toBe(ascii);
});

describe('SES takes', () => {
  it.each([
    'ada@example.com',
    'Ada.B+news@EXAMPLE.com',
    "o'brien!#$%&*+/?=^_`{|}~-@example.com",
    'ada@bücher.example',
    'ada@xn--bcher-kva.example',
    `ada@${'b'.repeat(63)}.com`,
    'ada@22.example',
  ])('%s', (email) => {
    expect(emailAddress(email)).toBe(email);
    expect(isMailable(email)).toBe(true);
  });

  it.each([
    ['a letter outside ASCII', 'zoë@example.com'],
    ['letters outside ASCII only', '用户@例子.广告'],
    ['two dots', 'a..b@example.com'],
    ['a dot first', '.a@example.com'],
    ['a dot last', 'a.@example.com'],
    ['two dots in the domain', 'ada@example..com'],
    ['a dot first in the domain', 'ada@.example.com'],
    ['a label of 64', `ada@${'b'.repeat(64)}.com`],
    ['an underscore in the domain', 'ada@my_host.example.com'],
  ])('not, though it may be an address: %s', (_name, email) => {
    expect(emailAddress(email)).toBe(email);
    expect(isMailable(email)).toBe(false);
  });

  it.each(['ada@10.12', 'ada@１０.１２', 'ada', 'a\u200Bda@example.com', ''])(
    'not what is no address: %j',
    (email) => {
      expect(isMailable(email)).toBe(false);
    },
  );
});

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
