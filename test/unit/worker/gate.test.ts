import { beforeEach, describe, expect, it } from '@jest/globals';
import type { PaceMemory } from '../../../functions/pace/shared-state.ts';
import type { Services } from '../../../functions/runtime/services.ts';
import { openGate, type ProvenSizes } from '../../../functions/worker/gate.ts';

let paceMemory: PaceMemory;
let proven: ProvenSizes;
let ms: number;
beforeEach(() => {
  [paceMemory, proven, ms] = [new Map(), new Map(), 0];
});

const gate = () => openGate({ paceMemory, now: () => new Date(ms) } as Services, proven);

/** Lets some ask at once; answers how many have begun after each of the others has ended. */
async function begunAfterEach(count: number, { isDone = true } = {}): Promise<number[]> {
  const { enter, leave } = gate();
  const begun: number[] = [];
  for (let index = 0; index < count; index += 1) void enter('encharge').then(() => begun.push(index));
  const counts: number[] = [];
  for (let ended = 0; ended < count; ended += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    counts.push(begun.length);
    leave('encharge', isDone);
  }
  return counts;
}

/** As the pace remembers a connection that limits us. */
function limitCalls(): void {
  paceMemory.set('encharge', { known: { state: { rate: {} } } } as never);
}

describe('jobs of a batch', () => {
  it('begin one by one, and with each that is done one more at once', async () => {
    expect(await begunAfterEach(10)).toEqual([1, 3, 5, 7, 9, 10, 10, 10, 10, 10]);
  });

  it('go on where the last batch has ended', async () => {
    await begunAfterEach(5);
    expect((await begunAfterEach(10))[0]).toBe(6);
  });

  it('stay one by one as long as none is done', async () => {
    expect(await begunAfterEach(4, { isDone: false })).toEqual([1, 2, 3, 4]);
  });

  it('begin one by one again after a minute without any', async () => {
    await begunAfterEach(5);
    ms = 59_999;
    expect((await begunAfterEach(10))[0]).toBe(6);
    ms = 120_000;
    expect((await begunAfterEach(10))[0]).toBe(1);
  });

  it('go one by one while their connection has a rate, and after that as at first', async () => {
    await begunAfterEach(5);
    limitCalls();
    expect(gate().isOneByOne('encharge')).toBe(true);
    expect(await begunAfterEach(4)).toEqual([1, 2, 3, 4]);
    paceMemory.clear();
    expect((await begunAfterEach(4))[0]).toBe(1);
  });

  it('do not wait for those of another connection', async () => {
    const { enter } = gate();
    const begun: string[] = [];
    for (const name of ['encharge', 'encharge', 'userengage', 'none'])
      void enter(name).then(() => begun.push(name));
    await new Promise((resolve) => setImmediate(resolve));
    expect(begun).toEqual(['encharge', 'userengage', 'none']);
  });
});
