import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { isHmac, isRecent, isTimedHmac } from '../../../functions/crm/hmac.ts';

const secret = 'fake-secret';
const body = Buffer.from('{"a":"é"}');
const digest = (text: string, algorithm = 'sha256', encoding: 'hex' | 'base64' = 'hex') =>
  createHmac(algorithm, secret).update(text).update(body).digest(encoding);

describe('an HMAC', () => {
  it.each([
    ['hex', digest(''), [body], {}],
    ['base64', digest('', 'sha256', 'base64'), [body], { encoding: 'base64' as const }],
    ['SHA-1', digest('', 'sha1'), [body], { algorithm: 'sha1' as const }],
    ['of several parts', digest('v0:'), ['v0:', body], {}],
  ])('in %s is recognised', (_name, given, parts, form) => {
    expect(isHmac(given, secret, parts, form)).toBe(true);
    expect(isHmac(given, 'another secret', parts, form)).toBe(false);
    expect(isHmac(given, secret, [...parts, ' '], form)).toBe(false);
  });

  it.each([undefined, '', 'zz', digest('').slice(0, 32), `${digest('')}00`])('is not %j', (given) => {
    expect(isHmac(given, secret, [body])).toBe(false);
  });
});

describe('a signature with its time', () => {
  const now = new Date('2026-03-01T12:00:00Z');
  const seconds = now.getTime() / 1000;
  const signed = (time: number, v1 = digest(`${time}.`)) => `t=${time},v1=${v1}`;

  it.each([
    ['it', signed(seconds), true],
    ['one of two', `t=${seconds},v1=${'0'.repeat(64)}, v1=${digest(`${seconds}.`)}`, true],
    ['five minutes old', signed(seconds - 300), true],
    ['older', signed(seconds - 301), false],
    ['from the future', signed(seconds + 301), false],
    ['of another time', signed(seconds, digest(`${seconds - 1}.`)), false],
    ['without a time', `v1=${digest(`${seconds}.`)}`, false],
    ['without a digest', `t=${seconds}`, false],
    ['nothing', undefined, false],
  ])('%s', (_name, header, expected) => {
    expect(isTimedHmac(header, secret, { body, now })).toBe(expected);
  });

  it('is recent for five minutes', () => {
    expect([0, 300_000, 300_001].map((age) => isRecent(now.getTime() - age, now))).toEqual([
      true,
      true,
      false,
    ]);
  });
});
