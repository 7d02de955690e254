import type { ChildProcess } from 'node:child_process';
import { appendFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { jsonLog } from '../../lib/dev/local-log.ts';
import type { LocalStackOptions } from '../../lib/dev/local-stack.ts';
import { describeStack, writeStackFile } from '../../lib/dev/stack-file.ts';
import { type FakeStage, startFakeStage } from './fake-stage.ts';
import { noteLogLine } from './leaks.ts';
import { startTestStack, type TestStack } from './test-stack.ts';
import { type Finished, finished, spawnBundled } from './usher-process.ts';

/** A stack with a log file, for imports whose clock jumps. */
export interface BulkStack {
  test: TestStack;
  stage: FakeStage;
  folder: string;
  logFile: string;
  log: Record<string, unknown>[];
  /** Runs a command to its end. */
  run(args: readonly string[], input?: string): Promise<Finished>;
  /** Runs it without saying against what. */
  alone(args: readonly string[]): Promise<Finished>;
  /** Runs it against the stage. */
  deployed(args: readonly string[]): Promise<Finished>;
  /** Starts it, to be killed. */
  start(args: readonly string[]): ChildProcess;
  /** The one state there is. */
  state(): Promise<Record<string, unknown> & { id: string }>;
}

/** The stack of the test file that runs. */
export let bulk: BulkStack;

async function startBulkStack(options: Partial<LocalStackOptions>) {
  const folder = await mkdtemp(join(tmpdir(), 'usher-bulk-'));
  const logFile = join(folder, 'stack.log');
  writeFileSync(logFile, '');
  const log: Record<string, unknown>[] = [];
  let stage: FakeStage | undefined;
  const test = await startTestStack({
    ...options,
    log: jsonLog((line) => {
      noteLogLine(line);
      const parsed = JSON.parse(line) as Record<string, unknown>;
      log.push(parsed);
      appendFileSync(logFile, `${line}\n`);
      const message = JSON.stringify({ level: 'INFO', ...parsed });
      stage?.account.logEvents.push({ eventId: String(log.length), timestamp: Date.now(), message });
    }),
  });
  const description = describeStack(test.stack, logFile);
  await writeStackFile(folder, description);
  stage = await startFakeStage(description);
  const port = ['--port', new URL(test.stack.webhook).port];
  const start = (args: readonly string[], env = process.env, stdin: 'ignore' | 'pipe' = 'ignore') =>
    spawnBundled('bulk', args, { cwd: folder, env, stdin });
  const stack: BulkStack = {
    test,
    stage,
    folder,
    logFile,
    log,
    run(args, input) {
      const child = start([...args, ...port], process.env, input === undefined ? 'ignore' : 'pipe');
      child.stdin?.end(input);
      return finished(child);
    },
    alone: (args) => finished(start(args)),
    deployed: (args) => finished(start([...args, '--stage', 'test'], stage.env)),
    start: (args) => start([...args, ...port]),
    async state() {
      const names = (await readdir(join(folder, '.usher'))).filter((name) =>
        /^(import|resync)-.*\.json$/.test(name),
      );
      return JSON.parse(await readFile(join(folder, '.usher', String(names[0])), 'utf8')) as never;
    },
  };
  return {
    stack,
    async stop() {
      await stage.stop();
      await test.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Starts such a stack before the tests of a file, without people and states before each of them. */
export function useBulkStack(options: Partial<LocalStackOptions> = {}): void {
  let stop: () => Promise<void>;
  beforeAll(async () => {
    const started = await startBulkStack(options);
    bulk = started.stack;
    stop = started.stop;
  });
  beforeEach(async () => {
    for (const { people, requests, faults } of [bulk.test.encharge, bulk.test.userengage]) {
      for (const { id } of people.list()) people.remove(id);
      requests.clear();
      faults.clear();
    }
    const names = await readdir(join(bulk.folder, '.usher'));
    for (const name of names.filter((one) => !one.startsWith('dev-')))
      await rm(join(bulk.folder, '.usher', name));
  });
  afterAll(() => stop());
}
