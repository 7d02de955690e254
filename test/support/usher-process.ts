import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { StackDescription } from '../../lib/dev/stack-file.ts';
import { noteLogLine, noteSecret } from './leaks.ts';

const ofThisRun = String(process.env['TEST_LOGS']);
/** Every command is the same program: one that was run before starts in half the time. */
const compiled = join(ofThisRun, 'compiled');
/** Commands that find files beside their own: emulators, the console's page. */
const unbundled = ['dev', 'console'];
const own = join(import.meta.dirname, '../../bin/usher.ts');
/** Programs that are bundled before the tests. */
type Bundled = 'usher' | 'bulk';

/** What a command printed and how it ended. */
export interface Finished {
  code: number | null;
  out: string;
  err: string;
}

interface Spawned {
  cwd: string;
  env?: NodeJS.ProcessEnv;
  stdin?: 'ignore' | 'pipe';
}

/** Starts a bundled program. */
export function spawnBundled(
  program: Bundled,
  args: readonly string[],
  { cwd, env = process.env, stdin = 'ignore' }: Spawned,
): ChildProcess {
  const isWhole = program === 'usher' && unbundled.includes(args[0] ?? '');
  return spawn(process.execPath, [isWhole ? own : join(ofThisRun, `cli/${program}.mjs`), ...args], {
    cwd,
    env: { ...env, NODE_OPTIONS: '', NODE_COMPILE_CACHE: compiled },
    stdio: [stdin, 'pipe', 'pipe'],
  });
}

/** What a process printed, once it has ended. */
export async function finished(child: ChildProcess): Promise<Finished> {
  let [out, err] = ['', ''];
  child.stdout?.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    err += chunk;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
}

/** Runs a command of the CLI to its end, as a process. It has no terminal; `input` is piped in. */
export function usher(
  args: readonly string[],
  cwd: string,
  env = process.env,
  input?: string,
): Promise<Finished> {
  const child = spawnBundled('usher', args, { cwd, env, stdin: input === undefined ? 'ignore' : 'pipe' });
  child.stdin?.end(input);
  return finished(child);
}

/** A command that goes on until it is told to end. */
export interface FollowingUsher {
  /** Resolves with the first line of its stdout that has this in it. */
  line(part: string): Promise<string>;
  /** All lines of its stdout so far. */
  lines: readonly string[];
  /** Resolves when it has ended. */
  ended: Promise<number | null>;
  kill(signal: NodeJS.Signals): void;
}

/** Starts a command of the CLI that follows something. */
export function followUsher(args: readonly string[], cwd: string, env = process.env): FollowingUsher {
  const child = spawnBundled('usher', args, { cwd, env });
  if (!child.stdout || !child.stderr) throw new Error('no pipes');
  child.stderr.resume();
  const lines: string[] = [];
  const reader = createInterface(child.stdout).on('line', (line) => lines.push(line));
  return {
    async line(part) {
      for (;;) {
        const found = lines.find((line) => line.includes(part));
        if (found !== undefined) return found;
        await once(reader, 'line');
      }
    },
    lines,
    ended: once(child, 'close').then(([code]) => code as number | null),
    kill: (signal) => child.kill(signal),
  };
}

/** A running `usher dev --json`. */
export interface RunningUsher {
  /** The file of the stack has no address of the console: it holds a token. */
  ready: StackDescription & { console: string };
  port: number;
  pid: number;
  /** Lines of its log so far. */
  log: string[];
  /** Sends a signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

/** Starts `usher dev --json` and waits until it is ready. `input` is piped in. */
export async function startUsher(
  args: readonly string[],
  cwd: string,
  input?: string,
): Promise<RunningUsher> {
  const stdin = input === undefined ? 'ignore' : 'pipe';
  const child = spawnBundled('usher', ['dev', '--json', ...args], { cwd, stdin });
  child.stdin?.end(input);
  const log: string[] = [];
  if (!child.stdout || !child.stderr) throw new Error('no pipes');
  createInterface(child.stderr).on('line', (line) => {
    log.push(line);
    noteLogLine(line);
  });
  const closed = once(child, 'close') as Promise<[number | null]>;
  const first = await Promise.race([
    once(createInterface(child.stdout), 'line') as Promise<[string]>,
    closed.then(() => undefined),
  ]);
  if (!first) throw new Error(`usher dev ended: ${log.join('\n')}`);
  const ready = JSON.parse(first[0]) as RunningUsher['ready'];
  for (const { access_key: key } of Object.values(ready.connections)) noteSecret(key);
  return {
    ready,
    port: Number(new URL(ready.webhook).port),
    pid: Number(child.pid),
    log,
    async end(signal) {
      child.kill(signal);
      const [code] = await closed;
      return code;
    },
  };
}

/** Whether something answers at an address. */
export async function answers(url: string): Promise<boolean> {
  try {
    await fetch(url);
    return true;
  } catch {
    return false;
  }
}
