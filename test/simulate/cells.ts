import { limits } from '../../functions/jobs/back-off.ts';
import type { Cell } from './cell.ts';
import type { Broken } from './crm-model.ts';

/** Enough for 60 calls a second. */
const workers = 8;

/** Seconds that a cell would take if every call were let through at once. */
export const idealSeconds = ({ contacts, perSecond }: Cell): number => contacts / perSecond;

/** Slow CRMs are not asked for many: their jobs are handed out often, and that takes long to simulate. */
const sizes: [perSecond: number, contacts: number[]][] = [
  [0.2, [10, 300]],
  [0.5, [10, 300, 3000]],
  [2, [10, 300, 3000, 20_000]],
  [10, [10, 300, 3000, 20_000, 100_000]],
  [50, [300, 3000, 20_000, 100_000]],
  [200, [300, 3000, 20_000, 100_000, 1_000_000]],
];

const limitsOf: Cell[] = sizes.flatMap(([perSecond, counts]) =>
  counts.flatMap((contacts) => [
    { contacts, perSecond, workers },
    ...(contacts === 300 ? [{ contacts, perSecond, workers, namedSeconds: 5 }] : []),
  ]),
);

const kinds: Broken[] = ['403', '429', '429 with a time', '500', 'hang'];
const live = { perSecond: 0.2, seconds: 600 };
const brokenOnes: Cell[] = kinds.flatMap((how) =>
  [0.05, 0.3].map((share) => ({ contacts: 100, perSecond: 50, workers, live, broken: { share, how } })),
);

const outages: Cell[] = [10, 60, 600, 3600, 6 * 3600].map((seconds) => ({
  contacts: 1000,
  perSecond: 50,
  workers,
  outage: { from: 5000, until: (5 + seconds) * 1000 },
  live: { perSecond: 1, seconds: seconds + 30 },
}));

/** What is simulated, without what could not end before its jobs are given up. */
export const cells: readonly Cell[] = [...limitsOf, ...brokenOnes, ...outages].filter(
  (cell) => idealSeconds(cell) < limits.ageSeconds,
);
