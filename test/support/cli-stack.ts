import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import type { LocalStackOptions } from '../../lib/dev/local-stack.ts';
import { describeStack, writeStackFile } from '../../lib/dev/stack-file.ts';
import { type FakeStage, startFakeStage } from './fake-stage.ts';
import { startTestStack, type TestStack } from './test-stack.ts';
import { type Finished, usher } from './usher-process.ts';

/** A stack for CLI processes to talk to: as the local stack, and as a stage called `test`. */
export interface CliStack {
  test: TestStack;
  stage: FakeStage;
  /** The folder that commands run in. */
  folder: string;
  /** Runs a command against the local stack. */
  local(args: readonly string[], input?: string): Promise<Finished>;
  /** Runs a command against the stage, with the stage's environment or another. */
  deployed(args: readonly string[], input?: string, env?: NodeJS.ProcessEnv): Promise<Finished>;
  stop(): Promise<void>;
}

/** Starts a stack in this process and leaves word of it, as `usher dev` does. */
export async function startCliStack(options: Partial<LocalStackOptions> = {}): Promise<CliStack> {
  const folder = await mkdtemp(join(tmpdir(), 'usher-cli-'));
  const test = await startTestStack(options);
  const description = describeStack(test.stack, join(folder, 'no.log'));
  await writeStackFile(folder, description);
  const stage = await startFakeStage(description);
  const { port } = new URL(test.stack.webhook);
  return {
    test,
    stage,
    folder,
    local: (args, input) => usher([...args, '--port', port], folder, process.env, input),
    deployed: (args, input, env = stage.env) => usher([...args, '--stage', 'test'], folder, env, input),
    async stop() {
      await stage.stop();
      await test.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The values of `--json`, one a line. */
export function jsonLines(out: string): unknown[] {
  return out
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line));
}

/** The stack of the test file that runs. */
export let cli: CliStack;

/** Starts such a stack before the tests of a file, and stops it after them. */
export function useCliStack(options: Partial<LocalStackOptions> = {}): void {
  beforeAll(async () => {
    cli = await startCliStack(options);
  });
  afterAll(() => cli.stop());
}
