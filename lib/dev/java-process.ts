import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { explainJavaFailure } from './java-failure.ts';

const startTimeoutMs = 60_000;
const stopTimeoutMs = 3_000;
const keptLines = 20;

export interface JavaProcess {
  readonly pid: number;
  /** What the program said when it was ready: the first match of the pattern it was started with. */
  readonly ready: RegExpExecArray;
  /** Ends the program; one that is not gone after 3 seconds is killed. */
  stop(): Promise<void>;
}

/**
 * Starts a Java program that ends when its standard input ends, and resolves once a line of its output matches `ready`.
 *
 * The pipe to its standard input is what ties it to this process: the system closes that pipe whatever happens here,
 * SIGKILL included. Its own process group keeps the terminal's Ctrl-C away from it, so that the order in which things
 * stop is ours.
 *
 * @throws {LocalStackError} when Java is missing, too old, or the program ends or is not ready within a minute.
 */
export async function startJava(
  command: string,
  args: readonly string[],
  ready: RegExp,
): Promise<JavaProcess> {
  const child = spawn(command, args, {
    detached: process.platform !== 'win32',
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
  });
  // Writing to a program that died is no news: its exit is what counts.
  child.stdin.on('error', () => undefined);
  const tooSlow = setTimeout(() => child.kill('SIGKILL'), startTimeoutMs);
  const lastLines: string[] = [];
  keepLastLines(child.stderr, lastLines);

  let spawnError: Error | undefined;
  const match = await new Promise<RegExpExecArray | undefined>((resolve) => {
    child.once('error', (error) => {
      spawnError = error;
      resolve(undefined);
    });
    child.once('close', () => resolve(undefined));
    keepLastLines(child.stdout, lastLines).on('line', (line) => {
      const found = ready.exec(line);
      if (found) resolve(found);
    });
  });
  clearTimeout(tooSlow);
  if (match === undefined || child.pid === undefined) {
    throw await explainJavaFailure(command, spawnError, lastLines);
  }
  return { pid: child.pid, ready: match, stop: () => stop(child) };
}

function keepLastLines(stream: Readable, lines: string[]) {
  return createInterface({ input: stream }).on('line', (line) => {
    if (line.trim() !== '') lines.push(line);
    if (lines.length > keptLines) lines.shift();
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  const kill = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
  child.stdin?.end();
  await exited;
  clearTimeout(kill);
}
