/** Random numbers that are the same in every run: a failure can be looked at again. */
export interface SeededRandom {
  /** A whole number from 0 to below `max`. */
  int(max: number): number;
  pick<Item>(items: readonly [Item, ...Item[]]): Item;
  /** Some of the items, in their order. */
  some<Item>(items: readonly Item[]): Item[];
}

/** Mulberry32, a generator of 32 bits: https://gist.github.com/tommyettinger/46a874533244883189143505d203312c */
export function seededRandom(seed: number): SeededRandom {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const int = (max: number) => Math.floor(next() * max);
  return {
    int,
    pick: (items) => items[int(items.length)] ?? items[0],
    some: (items) => items.filter(() => next() < 0.5),
  };
}
