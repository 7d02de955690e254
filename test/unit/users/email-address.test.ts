import { describe, expect, it } from '@jest/globals';
import { emailAddress, isPlainlySpelled, uniqueSpelling } from '../../../functions/users/email-address.ts';

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
