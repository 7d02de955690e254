import type { Random } from '../../functions/random.ts';

/** Values that anybody can foretell: bytes 0, 1, 2, …, whole numbers one after the other, UUIDs numbered from 1. */
export function countingRandom(): Random {
  let [ids, ints] = [0, 0];
  return {
    uuid() {
      ids += 1;
      return `00000000-0000-4000-8000-${String(ids).padStart(12, '0')}`;
    },
    bytes: (size) => Buffer.from(Array.from({ length: size }, (_, index) => index % 256)),
    int(max) {
      ints += 1;
      return (ints - 1) % max;
    },
  };
}
