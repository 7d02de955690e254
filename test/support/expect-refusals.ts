import { expect } from '@jest/globals';
import type { Finished } from './usher-process.ts';

/** A command that is refused: how it ends, and a part of what it says on stderr. */
export type Refusal = [args: string[], exitCode: number, message: string];

/** Checks that commands print nothing but why they do nothing. They run at once: a process takes a while to start. */
export async function expectRefusals(
  run: (args: readonly string[]) => Promise<Finished>,
  refusals: readonly Refusal[],
): Promise<void> {
  const results = await Promise.all(refusals.map(async ([args]) => ({ args, ...(await run(args)) })));
  expect(results).toEqual(
    refusals.map(([args, code, message]) => ({ args, code, out: '', err: expect.stringContaining(message) })),
  );
}
