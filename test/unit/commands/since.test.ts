import { describe, expect, it } from '@jest/globals';
import { since } from '../../../lib/commands/support/since.ts';

const now = new Date('2026-03-10T12:00:00.000Z');

describe('--since', () => {
  it.each([
    ['90s', '2026-03-10T11:58:30.000Z'],
    ['30m', '2026-03-10T11:30:00.000Z'],
    ['1h', '2026-03-10T11:00:00.000Z'],
    ['7d', '2026-03-03T12:00:00.000Z'],
    ['0s', '2026-03-10T12:00:00.000Z'],
    ['2026-03-01', '2026-03-01T00:00:00.000Z'],
    ['2026-03-01T06:30:00Z', '2026-03-01T06:30:00.000Z'],
    ['2026-03-01T06:30:00+02:00', '2026-03-01T04:30:00.000Z'],
  ])('%s is %s', (text, expected) => {
    expect(since(text, now)?.toISOString()).toBe(expected);
  });

  it.each([
    [''],
    ['1'],
    ['h'],
    ['1w'],
    ['-1h'],
    ['1.5h'],
    ['yesterday'],
    ['2026-13-01'],
    ['1234567d'],
    ['1h '],
  ])('%j is no moment', (text) => {
    expect(since(text, now)).toBeUndefined();
  });
});
