import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { closeServer, listenOnLoopback } from '../../lib/dev/loopback-server.ts';

/** A built function behind Lambda's Runtime API, in a process of its own. */
export interface RuntimeProcess {
  /** Resolves to what the function answered; events wait for one another, as in one execution environment. */
  invoke(event: object): Promise<unknown>;
  stop(): Promise<void>;
}

interface Invocation {
  id: string;
  event: object;
  resolve(result: unknown): void;
  reject(error: Error): void;
}

const functionTimeoutMs = 30_000;

/** Hands an event to the process that asked for the next one. */
function hand({ id, event }: Invocation, response: ServerResponse): void {
  response.writeHead(200, {
    'content-type': 'application/json',
    'lambda-runtime-aws-request-id': id,
    'lambda-runtime-deadline-ms': String(Date.now() + functionTimeoutMs),
  });
  response.end(JSON.stringify(event));
}

/**
 * Starts `index.mjs` in a folder as Lambda's runtime does.
 *
 * @param environment the function's whole environment; the variables of the runtime itself are added
 * @param onLine gets each line it writes
 */
export async function startRuntime(
  folder: string,
  environment: Record<string, string>,
  onLine: (line: string) => void,
): Promise<RuntimeProcess> {
  const queued: Invocation[] = [];
  const underWay = new Map<string, Invocation>();
  let idle: ServerResponse | undefined;
  const work = () => {
    const invocation = idle ? queued.shift() : undefined;
    if (!idle || !invocation) return;
    underWay.set(invocation.id, invocation);
    hand(invocation, idle);
    idle = undefined;
  };
  const server = createServer((request, response) => {
    const [id = '', kind] = request.url?.split('/').slice(-2) ?? [];
    if (kind === 'next') {
      idle = response;
      work();
      return;
    }
    void text(request).then((body) => {
      const result: unknown = body === '' ? undefined : JSON.parse(body);
      if (kind === 'response') underWay.get(id)?.resolve(result);
      else underWay.get(id)?.reject(new Error(`The function failed: ${body}`));
      response.writeHead(202).end();
    });
  });
  const port = await listenOnLoopback(server, 0, 'the Runtime API');

  const child = spawn(process.execPath, [join(import.meta.dirname, 'runtime-child.mjs')], {
    env: {
      ...environment,
      AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${port}`,
      AWS_LAMBDA_FUNCTION_NAME: 'usher',
      LAMBDA_TASK_ROOT: folder,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) createInterface(stream).on('line', onLine);
  const ended = once(child, 'close');
  return {
    invoke: (event) =>
      new Promise((resolve, reject) => {
        queued.push({ id: randomUUID(), event, resolve, reject });
        work();
      }),
    async stop() {
      child.kill('SIGTERM');
      await ended;
      await closeServer(server);
    },
  };
}
