import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { behindSeconds, standing } from '../../../functions/pace/behind.ts';
import { front } from '../../../functions/pace/line.ts';
import { failed, limited } from '../../../functions/pace/rate.ts';

const now = Date.parse('2026-03-01T12:00:00Z');
const [limit, outage] = [limited(undefined, {}, now), failed(undefined, {}, now)];

describe('where a job stands', () => {
  it.each([
    ['live', 0, undefined, { lane: 'live', ticket: undefined }],
    ['live', 0, 7, { lane: 'live', ticket: 7 }],
    ['batch', 0, 7, { lane: 'batch', ticket: 7 }],
    ['live', 1, 7, { lane: 'batch', ticket: front }],
    ['live', 5, undefined, { lane: 'batch', ticket: front }],
    ['batch', 1, 7, { lane: 'batch', ticket: 7 }],
    ['batch', 2, undefined, { lane: 'batch', ticket: undefined }],
  ] as const)('a %s one after %i failures, with ticket %s', (lane, failures, ticket, asking) => {
    expect(standing(lane, failures, ticket)).toEqual(asking);
  });
});

describe('how long a job stays behind that has failed', () => {
  it.each([
    [0, 0, 0],
    [1, 2, 4],
    [2, 4, 8],
    [4, 16, 32],
    [5, 30, 60],
    [20, 30, 60],
  ])('at a limit, after %i failures: %i to %i s', (failures, least, most) => {
    expect([behindSeconds(limit, failures, 0, now), behindSeconds(limit, failures, 1, now)]).toEqual([
      least,
      most,
    ]);
  });

  it.each([
    [0, 2.5, 5],
    [120, 15, 30],
    [600, 75, 150],
    [36_000, 450, 900],
  ])('in an outage of %i s: %d to %d s', (seconds, least, most) => {
    const at = now + seconds * 1000;
    expect([behindSeconds(outage, 1, 0, at), behindSeconds(outage, 1, 1, at)]).toEqual([least, most]);
  });

  it('is finite, and a quarter of an hour at most', () => {
    const ages = fc.nat(36 * 3600 * 1000);
    fc.assert(
      fc.property(
        fc.constantFrom(limit, outage),
        fc.nat(2000),
        fc.double({ min: 0, max: 1, noNaN: true }),
        ages,
        (rate, failures, jitter, age) => {
          const seconds = behindSeconds(rate, failures, jitter, now + age);
          expect(seconds).toBeGreaterThanOrEqual(0);
          expect(seconds).toBeLessThanOrEqual(900);
        },
      ),
    );
  });
});
