import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { backOffSeconds, limits, restUntilLook } from '../../../functions/jobs/back-off.ts';
import { queueSettings } from '../../../functions/jobs/queue-settings.ts';
import { type Random, secureRandom } from '../../../functions/random.ts';

const hour = 60 * 60;

/** Always the same part of what could be drawn. */
const drawing = (part: number): Random => ({
  ...secureRandom,
  int: (max) => Math.min(Math.floor(part * max), max - 1),
});
const [least, most] = [drawing(0), drawing(1)];

describe('the rest after a failure of the job’s own', () => {
  it.each([
    [0, 10],
    [1, 20],
    [2, 40],
    [5, 320],
    [9, 5120],
    [10, 7200],
    [20, 7200],
    [1000, 7200],
  ])('after %i failures lasts up to %i s, and may be a second: full jitter', (own, seconds) => {
    expect(backOffSeconds(own, 0, most)).toBe(seconds);
    expect(backOffSeconds(own, 0, least)).toBe(1);
  });

  it('takes about twelve hours for all tries together, and ends within the age of a job', () => {
    const sum = (part: number) =>
      Array.from({ length: limits.failures }, (_, own) => backOffSeconds(own, 0, drawing(part))).reduce(
        (total, seconds) => total + seconds,
      );
    expect(sum(0.5)).toBeGreaterThan(10 * hour);
    expect(sum(0.5)).toBeLessThan(14 * hour);
    expect(sum(1)).toBeLessThan(limits.ageSeconds);
  });

  it.each([
    [1, 61, 61],
    [3, 3600, 3600],
    [9, 10, 5120],
    [0, 365 * 24 * hour, 11 * hour],
  ])('after %i failures and %i s asked for is at most %i s', (own, asked, seconds) => {
    expect(backOffSeconds(own, asked, most)).toBe(seconds);
  });

  it('never is less than what was asked for, nor more, with the try, than the 12 hours of SQS', () => {
    fc.assert(
      fc.property(
        fc.nat(2000),
        fc.nat(1e9),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (own, asked, part) => {
          const seconds = backOffSeconds(own, asked, drawing(part));
          expect(Number.isInteger(seconds)).toBe(true);
          expect(seconds).toBeGreaterThanOrEqual(Math.min(Math.max(asked, 1), 11 * hour));
          expect(seconds + queueSettings.visibilityTimeoutSeconds).toBeLessThanOrEqual(12 * hour);
        },
      ),
    );
  });
});

describe('the next look for a contact that the CRM does not show', () => {
  it.each([
    ['an add without a user', 'new', [60, 180, 360]],
    ['everything else', 'known', [300]],
  ] as const)('%s', (_name, whose, looks) => {
    let age = 0;
    const seen: number[] = [];
    for (let rest = restUntilLook(whose, age); rest !== undefined; rest = restUntilLook(whose, age)) {
      age += rest;
      seen.push(age);
    }
    expect(seen).toEqual(looks);
  });

  it.each([
    ['new', 59.2, 1],
    ['new', 60, 120],
    ['new', 359, 1],
    ['new', 360, undefined],
    ['known', 299, 1],
    ['known', 300, undefined],
    ['known', 100_000, undefined],
  ] as const)('%s, at the age of %i s → in %s s', (whose, age, rest) => {
    expect(restUntilLook(whose, age)).toBe(rest);
  });
});
