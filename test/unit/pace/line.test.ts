import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { behindSeconds, standing } from '../../../functions/pace/behind.ts';
import {
  expectedWaitMs,
  front,
  join,
  longestSleepSeconds,
  nearMs,
  sleepSeconds,
  take,
} from '../../../functions/pace/line.ts';
import { failed, type LaneName, limited, type Rate } from '../../../functions/pace/rate.ts';

const now = Date.parse('2026-03-01T12:00:00Z');
const second = 1000;

/** So many calls a second from now on. */
const rateOf = (perSecond: number): Rate => ({
  ...limited(undefined, { documented: perSecond }, now),
  live: { next: now, last: now, joined: 0, served: 0 },
  batch: { next: now, last: now, joined: 0, served: 0 },
});

const lanes: fc.Arbitrary<LaneName> = fc.constantFrom('live', 'batch');

/** Takes slots in this order, waiting for each; answers when they go, and whose they are. */
function taken(rate: Rate, order: readonly LaneName[], stepMs: number): { at: number; lane: LaneName }[] {
  let [state, at] = [rate, now];
  const slots: { at: number; lane: LaneName }[] = [];
  for (const lane of order) {
    at += stepMs;
    const slot = take(state, { lane }, 1, at);
    if (!slot) continue;
    slots.push({ at: slot.at, lane });
    state = slot.rate;
  }
  return slots;
}

describe('slots', () => {
  it('of a lane are never handed out twice: a gap lies between any two, and none lies further than a second', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.2, max: 200, noNaN: true }),
        fc.array(fc.tuple(lanes, fc.nat(3000)), { maxLength: 80 }),
        (perSecond, asks) => {
          let [rate, at] = [rateOf(perSecond), now];
          const last: Record<LaneName, number> = { live: -Infinity, batch: -Infinity };
          for (const [lane, ms] of asks) {
            at += ms;
            const slot = take(rate, { lane }, 1, at);
            if (!slot) continue;
            expect(slot.at).toBeGreaterThanOrEqual(at);
            expect(slot.at - at).toBeLessThanOrEqual(nearMs);
            expect(slot.at - last[lane]).toBeGreaterThanOrEqual(1000 / perSecond - 0.001);
            last[lane] = slot.at;
            rate = slot.rate;
          }
        },
      ),
    );
  });

  it('are no more than the rate allows, live and batch together, once both wait', () => {
    const rate = join(join(rateOf(10), 'live', 1000, now), 'batch', 1000, now);
    let state = rate;
    const all: LaneName[] = [];
    let tickets = { live: 0, batch: 0 };
    for (let ms = 0; ms < 20_000; ms += 20) {
      for (const lane of ['live', 'batch'] as const) {
        const ticket = tickets[lane] + 1;
        const slot = take(state, { lane, ticket }, 1, now + ms);
        if (!slot || slot.at > now + ms) continue;
        tickets = { ...tickets, [lane]: ticket };
        all.push(lane);
        state = slot.rate;
      }
    }
    expect(all.length).toBeGreaterThan(180);
    expect(all.length).toBeLessThan(215);
    const batch = all.filter((lane) => lane === 'batch').length;
    expect(batch / all.length).toBeGreaterThan(0.2);
    expect(batch / all.length).toBeLessThan(0.3);
  });

  it('all go to the batch while nobody is live, and every fourth one at least when live calls never end', () => {
    const only = taken(rateOf(2), Array(40).fill('batch'), 500);
    expect(only).toHaveLength(40);
    const waiting = join(rateOf(2), 'batch', 100, now);
    let state = waiting;
    let [batch, live] = [0, 0];
    for (let ms = 0; ms < 100_000; ms += 100) {
      const urgent = take(state, { lane: 'live' }, 1, now + ms);
      if (urgent) {
        state = urgent.rate;
        live += 1;
      }
      const patient = take(state, { lane: 'batch', ticket: batch + 1 }, 1, now + ms);
      if (patient && patient.at <= now + ms) {
        state = patient.rate;
        batch += 1;
      }
    }
    expect(batch).toBeGreaterThanOrEqual(0.2 * (batch + live));
    expect(live).toBeGreaterThan(batch);
  });

  it('are not for whoever stands behind others', () => {
    const rate = join(rateOf(1), 'batch', 10, now);
    expect(take(rate, { lane: 'batch', ticket: 10 }, 1, now)).toBeUndefined();
    expect(take(rate, { lane: 'batch' }, 1, now)).toBeUndefined();
    expect(take(rate, { lane: 'batch', ticket: 1 }, 1, now)?.at).toBe(now);
    // Nobody who is before it came when the slot was theirs.
    expect(take(rate, { lane: 'batch', ticket: 10 }, 1, now + 60 * second)?.at).toBe(now + 60 * second);
  });

  it('may be taken several at a time, and the next comes after all of them', () => {
    const slot = take(rateOf(50), { lane: 'live' }, 10, now);
    expect(slot?.at).toBe(now);
    expect(slot && take(slot.rate, { lane: 'live' }, 1, now)?.at).toBe(now + 200);
  });
});

describe('a place in the line', () => {
  it('is further back for everybody who joins', () => {
    const rate = join(rateOf(2), 'batch', 20, now);
    const waits = [1, 10, 20].map((ticket) => expectedWaitMs(rate, { lane: 'batch', ticket }, now));
    expect(waits).toEqual([0, 4500, 9500]);
    expect(expectedWaitMs(rate, { lane: 'batch' }, now)).toBe(10_000);
  });

  it('is a quarter of the rate for the batch while live calls wait, and three quarters for these', () => {
    const rate = join(join(rateOf(4), 'batch', 10, now), 'live', 10, now);
    expect(expectedWaitMs(rate, { lane: 'batch', ticket: 5 }, now)).toBe(4000);
    expect(expectedWaitMs(rate, { lane: 'live', ticket: 4 }, now)).toBe(1000);
  });
});

describe('the sleep of a job', () => {
  const anyRate = fc
    .record({
      perSecond: fc.double({ min: 0.2, max: 200, noNaN: true }),
      joined: fc.nat(1_000_000),
      served: fc.nat(1_000_000),
      lane: lanes,
      isFailing: fc.boolean(),
      passed: fc.nat(36 * 3600 * second),
    })
    .map(({ perSecond, joined, served, lane, isFailing, passed }) => {
      const plain = isFailing ? failed(undefined, {}, now) : rateOf(perSecond);
      const rate = { ...plain, perSecond, [lane]: { ...plain[lane], joined, served } } as Rate;
      return { rate, lane, at: now + passed };
    });

  it('is a whole number of seconds, from one to a quarter of an hour and a little, whatever the line', () => {
    fc.assert(
      fc.property(anyRate, fc.nat(1_000_000), ({ rate, lane, at }, ticket) => {
        const seconds = sleepSeconds(rate, { lane, ticket }, at);
        expect(Number.isInteger(seconds)).toBe(true);
        expect(seconds).toBeGreaterThanOrEqual(1);
        expect(seconds).toBeLessThanOrEqual(900);
        expect(seconds).toBeLessThanOrEqual(Math.max(longestSleepSeconds(rate, at), 1));
      }),
    );
  });

  it('is two minutes at most when the turn is within ten, else a quarter of the wait', () => {
    const long = now + 24 * 3600 * second;
    const rate = {
      ...join(rateOf(1), 'batch', 100_000, now),
      batch: { next: long, last: long, joined: 100_000, served: 0 },
    };
    const sleeps = [1, 2, 100, 500, 1001, 2001, 50_000].map((ticket) =>
      sleepSeconds(rate, { lane: 'batch', ticket }, long),
    );
    expect(sleeps[0]).toBe(1);
    expect(sleeps[2]).toBeGreaterThan(80);
    expect(sleeps.slice(3)).toEqual([120, 250, 500, 900]);
    expect(sleeps).toEqual([...sleeps].sort((a, b) => a - b));
  });

  it('does not outlast trouble that has just begun: a CRM that has recovered waits for no sleepers', () => {
    const rate = failed(undefined, {}, now);
    const longest = [0, 20, 60, 600, 3600, 36_000].map((seconds) =>
      longestSleepSeconds(rate, now + seconds * second),
    );
    expect(longest).toEqual([5, 5, 15, 150, 900, 900]);
  });

  it('is short for the front of the line', () => {
    const rate = join(rateOf(1), 'batch', 10_000, now);
    expect(sleepSeconds(rate, { lane: 'batch', ticket: front }, now + 60 * second)).toBeLessThanOrEqual(2);
  });
});

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
