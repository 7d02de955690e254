import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { secureRandom } from '../../../functions/random.ts';
import { readState, writeState } from '../../../lib/import/state.ts';
import { folder, useFolder } from '../../support/folder.ts';
import { exampleState } from './example-state.ts';

useFolder();

it('is one of those that were written, whole, when two processes write it at once', async () => {
  const large = exampleState({ sending: Array.from({ length: 2000 }, (_, index) => `contact-${index}`) });
  const small = exampleState();
  for (let time = 0; time < 50; time += 1) {
    await Promise.all([writeState(folder, large, secureRandom), writeState(folder, small, secureRandom)]);
    expect([large, small]).toContainEqual(await readState(folder, 'import', small.id));
  }
  expect(await readdir(join(folder, '.usher'))).toEqual([`import-${small.id}.json`]);
});

it.each(['import', 'resync'] as const)('says where the ids of an %s stand', async (kind) => {
  await expect(readState(folder, kind, 'nonsense')).rejects.toThrow(`.usher/${kind}-<id>.json`);
});
