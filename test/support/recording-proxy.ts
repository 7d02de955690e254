import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { closeServer, listenOnLoopback, loopbackHost } from '../../lib/dev/loopback-server.ts';

/** Something between a client of AWS and an emulator, which knows what was asked. */
export interface RecordingProxy {
  readonly endpoint: string;
  /** The names of the actions, in their order. */
  readonly actions: string[];
  stop(): Promise<void>;
}

const dropped = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'expect']);

/** Passes every request on as it came. Services of the JSON protocols name the action in a header, others in the form. */
export async function startRecordingProxy(target: string): Promise<RecordingProxy> {
  const actions: string[] = [];
  const pass = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await text(request);
    const named = request.headers['x-amz-target'] ?? new URLSearchParams(body).get('Action') ?? request.url;
    actions.push(String(named).replace(/^.*\./, ''));
    const headers = Object.entries(request.headers).filter(([name]) => !dropped.has(name));
    const answer = await fetch(new URL(request.url ?? '/', target), {
      method: request.method ?? 'GET',
      headers: headers as [string, string][],
      ...(request.method === 'GET' ? {} : { body }),
    });
    const kept = [...answer.headers].filter(([name]) => !dropped.has(name));
    response.writeHead(answer.status, Object.fromEntries(kept)).end(Buffer.from(await answer.arrayBuffer()));
  };
  const server = createServer((request, response) => {
    pass(request, response).catch((error: Error) => request.socket.destroy(error));
  });
  const port = await listenOnLoopback(server, 0, 'a recording proxy');
  return { endpoint: `http://${loopbackHost}:${port}`, actions, stop: () => closeServer(server) };
}
