import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import { createKeyRing } from '../../functions/runtime/key-ring.ts';

it('a key is compared with every stored one, in constant time, wherever the right one stands', async () => {
  const script = new URL('count-comparisons.mjs', import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, [script], {
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  // A wrong key is looked for twice: there may be a newer one, but not within ten seconds of the last look.
  expect(JSON.parse(stdout)).toEqual([
    ['a', 10],
    ['b', 10],
    ['c', 10],
    [null, 20],
    [null, 20],
  ]);
});

it('the search goes on behind a match', async () => {
  const accessKeys = ['the-same-key-in-two-connections-x'];
  const secret = { SecretString: JSON.stringify({ accessKeys, apiToken: 'fake' }) };
  const ring = createKeyRing({
    secrets: { send: () => Promise.resolve(secret) } as never,
    secretIds: { first: '1', last: '2' },
    now: () => new Date(0),
    onProblem: (_connection, error) => {
      throw error;
    },
  });
  expect(await ring.connectionOf(accessKeys[0] ?? '')).toBe('last');
});
