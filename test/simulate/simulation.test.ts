import { describe, expect, it } from '@jest/globals';
import { cells } from './cells.ts';
import { simulate } from './simulation.ts';

describe('20,000 jobs in line at a CRM that allows two calls a second', () => {
  it('are done in time, with few hand-outs and few writes', () => {
    const cell = { contacts: 20_000, perSecond: 2, workers: 4 };
    const { calls, refusals, handOuts, doneAfter, writes, dead } = simulate(cell);
    expect(doneAfter).toBeLessThanOrEqual((1.5 * cell.contacts) / cell.perSecond + 30);
    expect(handOuts.most).toBeLessThanOrEqual(60);
    expect(refusals / calls).toBeLessThanOrEqual(0.2);
    expect(writes / doneAfter).toBeLessThanOrEqual(20);
    expect(dead).toBe(0);
  });
});

describe('an outage of an hour', () => {
  it('costs a call every four seconds, and is over a quarter of an hour after its end', () => {
    const [from, until] = [5000, 3_605_000];
    const live = { perSecond: 1, seconds: 3630 };
    const result = simulate({ contacts: 1000, perSecond: 50, workers: 4, live, outage: { from, until } });
    expect(result.outageCalls).toBeLessThanOrEqual(1000);
    // Somebody may sleep so long, and a call goes every four seconds.
    expect(result.doneAfter).toBeLessThanOrEqual(until / 1000 + 900 + 5);
    expect(result.dead).toBe(0);
  });
});

it('there are sixty cells at most', () => {
  expect(cells.length).toBeLessThanOrEqual(60);
});
