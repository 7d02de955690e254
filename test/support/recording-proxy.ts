import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { closeServer, listenOnLoopback, loopbackHost } from '../../lib/dev/loopback-server.ts';

/** Something between a client of AWS and an emulator, which knows what was asked. */
export interface RecordingProxy {
  readonly endpoint: string;
  /** The names of the actions, in their order. */
  readonly actions: string[];
  /** From now on answers as to somebody without this permission, such as `sqs:SendMessage`; undefined passes all on again. */
  refuse(permission: string | undefined): void;
  stop(): Promise<void>;
}

const dropped = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'expect']);

/** Passes every request on as it came. Services of the JSON protocols name the action in a header, others in the form. */
export async function startRecordingProxy(target: string): Promise<RecordingProxy> {
  const actions: string[] = [];
  let refused: string | undefined;
  const pass = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await text(request);
    const named = request.headers['x-amz-target'] ?? new URLSearchParams(body).get('Action') ?? request.url;
    const action = String(named).replace(/^.*\./, '');
    actions.push(action);
    if (refused?.endsWith(`:${action}`)) {
      const message = `User: arn:aws:iam::000000000000:user/test is not authorized to perform: ${refused}`;
      const error = JSON.stringify({ __type: 'AccessDeniedException', message });
      response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' }).end(error);
      return;
    }
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
  return {
    endpoint: `http://${loopbackHost}:${port}`,
    actions,
    refuse(permission) {
      refused = permission;
    },
    stop: () => closeServer(server),
  };
}
