import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';

/** The folder of the test file that runs. */
export let folder: string;

/** Makes an empty folder before the tests of a file, and removes it after them. */
export function useFolder(): void {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'usher-test-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
}
