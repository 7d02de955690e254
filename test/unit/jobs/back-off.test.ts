import { describe, expect, it } from '@jest/globals';
import { backOffSeconds } from '../../../functions/jobs/back-off.ts';
import { queueSettings } from '../../../functions/jobs/queue-settings.ts';

const { maxReceives, visibilityTimeoutSeconds } = queueSettings;
const hour = 60 * 60;
const tries = Array.from({ length: maxReceives }, (_, index) => index + 1);

describe('the pauses of a job that keeps failing', () => {
  it('make tries over at least twelve hours, and over less than the queue keeps a job', () => {
    const waits = tries.map((receives) => backOffSeconds(receives));
    const total = waits.reduce((sum, seconds) => sum + seconds);
    expect(total).toBeGreaterThanOrEqual(12 * hour);
    expect(total).toBeLessThan(queueSettings.retentionSeconds / 2);
  });

  it('begin with seconds, never shrink, and end at a quarter of an hour', () => {
    const waits = tries.slice(0, -1).map((receives) => backOffSeconds(receives));
    expect(waits.slice(0, 3)).toEqual([15, 30, 60]);
    expect(waits.at(-1)).toBe(900);
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
  });

  it.each([maxReceives, maxReceives + 1, 1000])('end after try %i', (receives) => {
    expect(backOffSeconds(receives, 3600)).toBe(0);
  });

  it.each([0, -1])('do not mind a count that SQS never sends: %i', (receives) => {
    expect(backOffSeconds(receives)).toBe(15);
  });
});

describe('what the CRM asked for', () => {
  it.each([
    [1, 0, 15],
    [1, 10, 15],
    [1, 61, 61],
    [3, 3600, 3600],
    [9, 600, 900],
  ])('try %i, asked %i s → %i s', (receives, asked, seconds) => {
    expect(backOffSeconds(receives, asked)).toBe(seconds);
  });

  it('never exceeds, with the try itself, the 12 hours that SQS allows', () => {
    expect(backOffSeconds(1, 365 * 24 * hour) + visibilityTimeoutSeconds).toBe(12 * hour);
  });
});
