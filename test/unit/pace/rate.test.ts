import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { failed, isContactsOwn, limited, type Rate, succeeded } from '../../../functions/pace/rate.ts';

const now = Date.parse('2026-03-01T12:00:00Z');
const second = 1000;

/** What the calls of a connection came to, so many milliseconds after one another. */
type Event =
  | { kind: 'limited'; namedMs?: number; documented?: number }
  | { kind: 'failed'; namedMs?: number }
  | { kind: 'succeeded'; calls: number };

function outcomeOf(rate: Rate | undefined, event: Event, at: number): Rate | undefined {
  if (event.kind === 'limited') return limited(rate, event, at);
  if (event.kind === 'failed') return failed(rate, event, at);
  return rate && succeeded(rate, event.calls, at);
}

const named = fc.option(fc.integer({ min: 0, max: 13 * 3600 * second }), { nil: undefined });
const event: fc.Arbitrary<Event> = fc.oneof(
  fc.record({ kind: fc.constant('limited' as const), namedMs: named }),
  fc.record({
    kind: fc.constant('limited' as const),
    namedMs: named,
    documented: fc.double({ min: 0.05, max: 500, noNaN: true }),
  }),
  fc.record({ kind: fc.constant('failed' as const), namedMs: named }),
  fc.record({ kind: fc.constant('succeeded' as const), calls: fc.integer({ min: 1, max: 50 }) }),
) as fc.Arbitrary<Event>;
const events = fc.array(fc.tuple(event, fc.nat(20 * 60 * second)), { maxLength: 60 });

describe('whatever happens', () => {
  it('the rate is a number above zero, nobody waits longer than five minutes, and an epoch never comes again', () => {
    fc.assert(
      fc.property(events, (list) => {
        let at = now;
        let rate: Rate | undefined;
        for (const [what, ms] of list) {
          at += ms;
          const next = outcomeOf(rate, what, at);
          if (next) {
            expect(Number.isFinite(next.perSecond)).toBe(true);
            expect(next.perSecond).toBeGreaterThanOrEqual(0.04);
            expect(next.live.next).toBeLessThanOrEqual(at + 300 * second + 1);
            expect(next.epoch).toBeGreaterThanOrEqual(rate?.epoch ?? 0);
            if (what.kind !== 'succeeded') expect(next.epoch).toBe((rate?.epoch ?? 0) + 1);
            expect(JSON.parse(JSON.stringify(next))).toEqual(next);
          }
          rate = next;
        }
      }),
    );
  });

  it('a refusal or failure never makes it faster, a success never slower', () => {
    fc.assert(
      fc.property(events, (list) => {
        let at = now;
        let rate: Rate | undefined;
        for (const [what, ms] of list) {
          at += ms;
          const next = outcomeOf(rate, what, at);
          if (rate && next) {
            const isSlower = what.kind === 'failed' || (what.kind === 'limited' && rate.limit !== undefined);
            const floor = 0.4;
            if (isSlower) expect(next.perSecond).toBeLessThanOrEqual(Math.max(rate.perSecond, floor));
            if (what.kind === 'succeeded') expect(next.perSecond).toBeGreaterThanOrEqual(rate.perSecond);
          }
          rate = next;
        }
      }),
    );
  });

  it('the first success after a long silence and quiet minutes end it', () => {
    fc.assert(
      fc.property(events, fc.integer({ min: 11 * 60 * second, max: 3600 * second }), (list, silence) => {
        let at = now;
        let rate: Rate | undefined;
        for (const [what, ms] of list) {
          at += ms;
          rate = outcomeOf(rate, what, at);
        }
        for (let successes = 0; rate && successes < 12; successes += 1) {
          at += silence;
          rate = succeeded(rate, 1, at);
        }
        expect(rate).toBeUndefined();
      }),
    );
  });
});

describe('a limit', () => {
  it.each([
    ['begins at what the vendor documents', { documented: 5 }, 5, 0.2],
    ['begins at one call a second where nothing is known', {}, 1, 1],
    ['keeps the first time that is named', { namedMs: 7000 }, 1, 7],
    ['keeps it for five minutes at most', { namedMs: 86_400 * second }, 1, 300],
    ['keeps it whatever is documented', { namedMs: 7000, documented: 10 }, 10, 7],
  ])('%s', (_name, refusal, perSecond, seconds) => {
    const rate = limited(undefined, refusal, now);
    expect(rate).toMatchObject({ reason: 'rate_limited', since: now, perSecond, limit: perSecond, epoch: 1 });
    expect(rate.live.next).toBe(now + seconds * second);
  });

  it('falls to a little under what went through since the last cut', () => {
    const rate = limited(undefined, { documented: 10 }, now);
    const used = succeeded(rate, 60, now + 10_100) ?? rate;
    const { perSecond } = limited(used, {}, now + 10_100);
    expect(perSecond).toBeGreaterThan(0.8 * 6);
    expect(perSecond).toBeLessThan(6);
  });

  it('falls by half at most, and never below the slowest', () => {
    let rate = limited(undefined, { documented: 8 }, now);
    const rates = [rate.perSecond];
    for (let cuts = 1; cuts <= 8; cuts += 1) {
      rate = limited(rate, {}, now + cuts * 60 * second);
      rates.push(rate.perSecond);
    }
    expect(rates).toEqual([8, 4, 2, 1, 0.5, 0.4, 0.4, 0.4, 0.4]);
  });

  it('that a vendor documents as slower than that is believed', () => {
    let rate = limited(undefined, { documented: 0.1 }, now);
    rate = limited(rate, { documented: 0.1 }, now + 60 * second);
    expect(rate.perSecond).toBeCloseTo(0.1);
  });

  it('keeps later times for two seconds only, and longer when nobody gets through', () => {
    let rate = limited(undefined, { namedMs: 60 * second }, now);
    const pauses: number[] = [];
    for (let cuts = 1; cuts <= 24; cuts += 1) {
      const at = now + cuts * 600 * second;
      rate = limited(rate, { namedMs: 60 * second }, at);
      pauses.push((rate.live.next - at) / second);
    }
    expect(pauses.slice(0, 20)).toEqual(pauses.slice(0, 20).map(() => 2));
    expect(pauses.slice(20)).toEqual([4, 8, 16, 32]);
  });

  it('of which nothing is known starts slowly, and doubles every second', () => {
    let rate: Rate | undefined = limited(undefined, {}, now);
    const rates: (number | undefined)[] = [];
    let at = now + second;
    for (let seconds = 0; seconds < 5; seconds += 1) {
      at += second;
      rate = rate && succeeded(rate, Math.ceil(rate.perSecond), at);
      rates.push(rate?.perSecond);
    }
    expect(rates).toEqual([2, 4, 8, 16, 32]);
    // The next refusal ends that.
    const known = limited(rate, {}, at + second);
    expect(succeeded(known, 1, at + 3 * second)?.perSecond).toBeLessThan(1.07 * known.perSecond);
  });

  it('creeps up while it is used, and is no faster for what nobody needs', () => {
    const rate = limited(undefined, { documented: 10 }, now);
    const busy = succeeded(rate, 10, now + 1100)?.perSecond ?? 0;
    expect(busy).toBeGreaterThan(10);
    expect(busy).toBeLessThan(10.5);
    const idle = succeeded(rate, 1, now + 100 * second)?.perSecond ?? 0;
    expect(idle).toBeGreaterThanOrEqual(10);
    expect(idle).toBeLessThanOrEqual(10 * 1.06);
  });

  it('is forgotten three quiet minutes after the last refusal and the last who waited', () => {
    const rate = limited(undefined, {}, now);
    const waitedFor = { ...rate, heldAt: now + 100 * second };
    expect(succeeded(rate, 1, now + 180 * second)).toBeDefined();
    expect(succeeded(rate, 1, now + 182 * second)).toBeUndefined();
    expect(succeeded(waitedFor, 1, now + 270 * second)).toBeDefined();
    expect(succeeded(waitedFor, 1, now + 281 * second)).toBeUndefined();
  });
});

describe('a CRM that fails', () => {
  it('is called half as often each time, down to a call every few seconds', () => {
    let rate = failed(undefined, {}, now);
    const rates = [rate.perSecond];
    for (let failures = 1; failures < 10; failures += 1) {
      rate = failed(rate, {}, now + failures * 10 * second);
      rates.push(rate.perSecond);
    }
    expect(rates.slice(0, 4)).toEqual([4, 2, 1, 0.5]);
    expect(new Set(rates.slice(5)).size).toBe(1);
    expect(rates.at(-1)).toBeGreaterThanOrEqual(0.2);
    expect(rate).toMatchObject({ reason: 'unavailable', since: now });
  });

  it('is trusted again at once: four times as fast with every success, until nobody counts', () => {
    let rate: Rate | undefined = failed(undefined, {}, now);
    for (let failures = 1; failures < 10; failures += 1) rate = failed(rate, {}, now + failures * second);
    const slowest = rate.perSecond;
    rate = succeeded(rate, 1, now + 60 * second);
    expect(rate?.perSecond).toBeCloseTo(4 * slowest);
    expect(rate?.live.next).toBeLessThanOrEqual(now + 61 * second);
    expect(rate && succeeded(rate, 2, now + 61 * second)).toBeUndefined();
  });

  it('is limited again afterwards, if it was before', () => {
    const before = limited(undefined, { documented: 3 }, now);
    const down = failed(before, {}, now + second);
    expect(down).toMatchObject({ reason: 'unavailable', limit: 3, since: now + second });
    expect(succeeded(down, 4, now + 9 * second)).toMatchObject({ reason: 'rate_limited', perSecond: 3 });
  });

  it('is left alone for as long as it names, five minutes at most', () => {
    expect(failed(undefined, { namedMs: 40 * second }, now).live.next).toBe(now + 40 * second);
    expect(failed(undefined, { namedMs: 86_400 * second }, now).live.next).toBe(now + 300 * second);
  });
});

describe('whose fault a failure is', () => {
  const rate = { ...failed(undefined, {}, now), succeededAt: now + 10 * second };
  it.each<[name: string, rate: Rate | undefined, failedAt: number | undefined, isOwn: boolean]>([
    ['a contact’s first one, while all is well: the CRM’s', undefined, undefined, false],
    ['a contact’s second one, while all is well: its own', undefined, now, true],
    ['a contact’s second one, others having succeeded since: its own', rate, now, true],
    ['a contact’s second one, nobody having succeeded since: the CRM’s', rate, now + 11 * second, false],
    ['a contact’s first one, though others succeed: the CRM’s', rate, undefined, false],
    ['a contact’s, whose last one is long ago: the CRM’s', undefined, now - 16 * 60 * second, false],
    ['one of many that are put down to contacts: the CRM’s', { ...rate, own: 4, went: 2 }, now, false],
    ['one of some, while most calls succeed: its own', { ...rate, own: 4, went: 10 }, now, true],
  ])('%s', (_name, given, failedAt, isOwn) => {
    expect(isContactsOwn(given, failedAt, now + 20 * second - (given ? 0 : 10 * second))).toBe(isOwn);
  });
});
