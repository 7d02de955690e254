import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { counted, decide, type Local, newLocal, upToDate } from '../../../functions/pace/local.ts';
import { failed, type LaneName, limited, type Rate } from '../../../functions/pace/rate.ts';

const now = Date.parse('2026-03-01T12:00:00Z');
const second = 1000;
const rateOf = (perSecond: number): Rate => limited(undefined, { documented: perSecond, namedMs: 0 }, now);

/** One process at work: what it knows, and what it has written. */
function process(start: Rate) {
  let [rate, local]: [Rate | undefined, Local] = [start, newLocal()];
  let writes = 0;
  const keep = (step: { local: Local; write?: Rate | 'over' }) => {
    local = step.local;
    if (step.write === undefined) return;
    writes += 1;
    rate = step.write === 'over' ? undefined : step.write;
  };
  return {
    ask(lane: LaneName, at: number, ticket?: number, isPassing = false) {
      if (!rate) return undefined;
      const decision = decide(rate, local, { lane, ticket, isPassing }, at);
      keep(decision);
      return decision;
    },
    succeed(at: number) {
      if (rate) keep(counted(rate, local, at));
    },
    change(next: (rate: Rate) => Rate) {
      if (rate) rate = next(rate);
    },
    get state() {
      return { rate, local, writes };
    },
  };
}

describe('a process at a limit', () => {
  it.each([1, 10, 50, 200])(
    'makes at most ten writes a second for %i calls a second, successes included',
    (perSecond) => {
      const one = process(rateOf(perSecond));
      let calls = 0;
      for (let ms = second; ms < 11 * second; ms += 5) {
        const decision = one.ask('live', now + ms, undefined, true);
        if (!decision?.go) continue;
        calls += 1;
        one.succeed(now + ms);
      }
      expect(calls).toBeGreaterThan(0.9 * 10 * perSecond);
      expect(one.state.writes).toBeLessThanOrEqual(110);
    },
  );

  it('gives each slot to one caller, whoever asks', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.3, max: 200, noNaN: true }),
        fc.array(fc.nat(1500), { minLength: 1, maxLength: 60 }),
        (perSecond, waits) => {
          const one = process(rateOf(perSecond));
          let at = now + second;
          const slots: number[] = [];
          for (const ms of waits) {
            at += ms;
            const decision = one.ask('live', at, undefined, true);
            if (!decision?.go) continue;
            expect(decision.at).toBeGreaterThanOrEqual(at);
            expect(decision.at - at).toBeLessThanOrEqual(second);
            slots.push(decision.at);
          }
          const most = ((at + second - now) / second) * perSecond + Math.max(perSecond / 5, 1) + 1;
          expect(slots.length).toBeLessThanOrEqual(most);
        },
      ),
    );
  });

  it('does not use a slot that it kept from before a cut', () => {
    const one = process(rateOf(50));
    expect(one.ask('live', now + second)?.go).toBe(true);
    expect(one.state.local.slots).toHaveLength(9);
    one.change((rate) => limited(rate, { namedMs: 60 * second }, now + second));
    expect(one.ask('live', now + 1100)?.go).toBe(false);
  });

  it('does not use a slot of the other lane, nor one that is two seconds old', () => {
    const one = process(rateOf(50));
    one.ask('batch', now + second);
    expect(one.state.local).toMatchObject({ slotsOf: { lane: 'batch' } });
    const urgent = one.ask('live', now + second);
    expect(urgent?.go).toBe(true);
    const late = one.ask('live', now + 5 * second);
    expect(late).toMatchObject({ go: true, at: now + 5 * second });
  });

  it('gives a job a place in the line, and the next one the next; a webhook gets none', () => {
    const one = process(limited(undefined, { documented: 1, namedMs: 60 * second }, now));
    const tickets = [0, 1, 2].map((index) => {
      const decision = one.ask('batch', now + index * 1100);
      return decision?.go === false ? decision.ticket : undefined;
    });
    expect(tickets).toEqual([1, 2, 3]);
    one.ask('live', now + 4 * second, undefined, true);
    expect(one.state.rate?.live.joined).toBe(0);
    const again = one.ask('batch', now + 5 * second, 2);
    expect(again).toMatchObject({ go: false, ticket: 2 });
    expect(one.state.rate?.batch.joined).toBe(3);
  });

  it('writes at most once a second for those who only wait', () => {
    const one = process(limited(undefined, { documented: 1, namedMs: 300 * second }, now));
    for (let ms = 0; ms < 10 * second; ms += 10) one.ask('batch', now + second + ms);
    expect(one.state.writes).toBeLessThanOrEqual(10);
    expect(Number(one.state.rate?.batch.joined) + one.state.local.joined.batch).toBe(1000);
  });

  it('lets everybody through when the limit is over by what it has not told yet', () => {
    const rate = { ...rateOf(5), heldAt: now };
    const step = counted(rate, newLocal(), now + 200 * second);
    expect(step).toEqual({ local: newLocal(), write: 'over' });
    const decision = decide(rate, { ...newLocal(), went: 3 }, { lane: 'live' }, now + 200 * second);
    expect(decision).toMatchObject({ go: true, at: now + 200 * second, write: 'over' });
  });
});

describe('a failing CRM', () => {
  it('that answers again is told to the others at once', () => {
    const rate = failed(undefined, {}, now);
    const { write } = counted(rate, { ...newLocal(), writtenAt: now }, now + 1);
    expect(write).toBe('over');
  });

  it('finds what this process has not told yet in what is written', () => {
    const rate = rateOf(10);
    const local = { ...newLocal(), went: 7, joined: { live: 0, batch: 2 } };
    const { rate: current, local: told } = upToDate(rate, local, now + second);
    expect(current).toMatchObject({ went: 7, batch: { joined: 2 } });
    expect(told).toMatchObject({ went: 0, joined: { live: 0, batch: 0 } });
    expect(upToDate(undefined, local, now).rate).toBeUndefined();
  });
});
