import { describe, expect, it } from '@jest/globals';
import { retryAfterSeconds } from '../../../functions/crm/retry-after.ts';

const now = new Date('2026-10-21T07:28:00Z');
const longest = 12 * 60 * 60;

describe('Retry-After', () => {
  it.each([
    ['0', 0],
    ['120', 120],
    [' 120 ', 120],
    ['1.2', 2],
    ['1.25', 2],
    ['Wed, 21 Oct 2026 07:30:00 GMT', 120],
    ['Wed, 21 Oct 2026 07:28:00 GMT', 0],
    ['Wed, 21 Oct 2015 07:28:00 GMT', 0],
    [String(longest), longest],
    ['999999999999', longest],
    ['9'.repeat(400), longest],
    ['Fri, 21 Oct 2050 07:28:00 GMT', longest],
    ['Fri Oct 21 07:28:00 2050', longest],
    ['21 Oct 2050 07:28:00 GMT', longest],
  ])('%s → %d s', (header, seconds) => {
    expect(retryAfterSeconds(header, now)).toBe(seconds);
  });

  it.each([undefined, '', '  ', 'soon', 'in 5', '-5', 'NaN', 'Infinity', 'in a while', '1h'])(
    '%j says nothing',
    (header) => {
      expect(retryAfterSeconds(header, now)).toBeUndefined();
    },
  );
});
