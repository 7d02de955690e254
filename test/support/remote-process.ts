import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** What a process lets another one call: one argument, one result, both JSON. */
// biome-ignore lint/suspicious/noExplicitAny: only the signature's shape matters here; each caller names its own.
export type RemoteApi = Record<string, (argument: any) => unknown>;

export interface RemoteProcess<Api extends RemoteApi> {
  call<Name extends keyof Api & string>(
    name: Name,
    argument: Parameters<Api[Name]>[0],
  ): Promise<Awaited<ReturnType<Api[Name]>>>;
  stop(): Promise<void>;
}

export interface RemoteOptions {
  args?: readonly string[];
  env?: NodeJS.ProcessEnv;
  /** Gets each line of standard output; without it they are dropped by the system. */
  onLine?: (line: string) => void;
}

interface Answer {
  id: number;
  result?: unknown;
  error?: string;
}

const stopTimeoutMs = 5000;

/**
 * Starts a script in a Node process of its own. The script answers calls with `serveRemote`, or speaks the same few
 * messages: `{id, name, argument}` comes in, `{id, result}` or `{id, error}` goes out, `{id: 0}` when it is ready.
 *
 * The process ends with this one, however this one ends.
 */
export async function startRemote<Api extends RemoteApi>(
  script: string,
  { args = [], env = process.env, onLine }: RemoteOptions = {},
): Promise<RemoteProcess<Api>> {
  const child = fork(script, args, {
    env,
    execArgv: [],
    stdio: ['ignore', onLine ? 'pipe' : 'ignore', 'inherit', 'ipc'],
  });
  if (onLine) splitLines(child, onLine);
  const waiting = new Map<number, (answer: Answer) => void>();
  let last = 0;
  const answered = (id: number) => new Promise<Answer>((resolve) => waiting.set(id, resolve));
  child.on('message', (answer: Answer) => {
    waiting.get(answer.id)?.(answer);
    waiting.delete(answer.id);
  });
  child.once('exit', (code, signal) => {
    for (const [id, resolve] of waiting) resolve({ id, error: `${script} has ended (${signal ?? code})` });
  });
  const ready = await answered(0);
  if (ready.error !== undefined) throw new Error(ready.error);
  return {
    async call(name, argument) {
      last += 1;
      const answer = answered(last);
      child.send({ id: last, name, argument });
      const { result, error } = await answer;
      if (error !== undefined) throw new Error(error);
      return result as never;
    },
    stop: () => stop(child),
  };
}

function splitLines(child: ChildProcess, onLine: (line: string) => void): void {
  let rest = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  const kill = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
  child.disconnect();
  await exited;
  clearTimeout(kill);
}
