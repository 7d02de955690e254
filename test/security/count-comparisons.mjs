import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';

// Says how many stored keys one look-up is compared with, for the first, a middle and the last key, and for a wrong one.
const compare = crypto.timingSafeEqual;
let comparisons = 0;
crypto.timingSafeEqual = (one, other) => {
  comparisons += 1;
  return compare(one, other);
};
syncBuiltinESMExports();
const { createKeyRing } = await import('../../functions/runtime/key-ring.ts');

const keyOf = (number) => String(number).padStart(32, 'k');
const keysOf = { a: [0, 1, 2], b: [3, 4, 5], c: [6, 7, 8, 9] };
const ring = createKeyRing({
  secrets: {
    send: async ({ input }) => ({
      SecretString: JSON.stringify({ accessKeys: keysOf[input.SecretId].map(keyOf), apiToken: 'none' }),
    }),
  },
  secretIds: { a: 'a', b: 'b', c: 'c' },
  now: () => new Date(0),
  onProblem: (_connection, error) => {
    throw error;
  },
});

const results = [];
for (const key of [keyOf(0), keyOf(5), keyOf(9), keyOf(9).slice(1), 'x']) {
  comparisons = 0;
  results.push([(await ring.connectionOf(key)) ?? null, comparisons]);
}
process.stdout.write(JSON.stringify(results));
