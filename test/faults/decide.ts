import { createHash } from 'node:crypto';
import type { Random } from '../../functions/random.ts';
import { type SeededRandom, seededRandom } from '../integration/seeded-random.ts';

/** What a decision is about: names and numbers. */
export type About = readonly (string | number)[];

const digest = (seed: number, about: About) =>
  createHash('sha256')
    .update([seed, ...about].join('/'))
    .digest();

/**
 * Random numbers for one decision of a run. They depend on nothing but the seed and what is decided, so the plan stays
 * the same however the calls of a run interleave.
 */
export function decide(seed: number, ...about: About): SeededRandom {
  return seededRandom(digest(seed, about).readInt32LE());
}

/** Whether something that happens in so many per cent of the cases happens now. */
export const happens = (random: SeededRandom, percent: number) => random.int(10_000) < percent * 100;

/** One of several things, each with its weight. */
export function weighted<Item>(
  random: SeededRandom,
  weights: readonly (readonly [weight: number, item: Item])[],
) {
  const total = weights.reduce((sum, [weight]) => sum + weight, 0);
  let left = random.int(total);
  for (const [weight, item] of weights) {
    left -= weight;
    if (left < 0) return item;
  }
  throw new RangeError('Nothing has a weight.');
}

/** The function's own random values for one invocation: ids, salts, passwords, pauses. */
export function randomOf(seed: number, ...about: About): Random {
  let block = Buffer.alloc(0);
  let blocks = 0;
  const bytes = (size: number): Buffer => {
    while (block.length < size) {
      blocks += 1;
      block = Buffer.concat([block, digest(seed, [...about, 'block', blocks])]);
    }
    const taken = Buffer.from(block.subarray(0, size));
    block = block.subarray(size);
    return taken;
  };
  return {
    bytes,
    int: (max) => bytes(6).readUIntLE(0, 6) % max,
    uuid() {
      const raw = bytes(16);
      raw[6] = ((raw[6] ?? 0) & 0x0f) | 0x40;
      raw[8] = ((raw[8] ?? 0) & 0x3f) | 0x80;
      return raw.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
    },
  };
}
