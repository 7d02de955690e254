import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { closeServer, listenOnLoopback, loopbackHost } from '../../lib/dev/loopback-server.ts';
import { type OracleRequest, oracleRequest } from './oracle.ts';

export interface RecordingProxy {
  origin: string;
  /** What has come since the last time that somebody took it. */
  take(): OracleRequest[];
  stop(): Promise<void>;
}

/** These belong to one connection, or are set by `fetch`. */
const dropped = new Set(['connection', 'content-length', 'host', 'keep-alive', 'transfer-encoding']);

/** A server that hands everything on to another one and records it. */
export async function startRecordingProxy(target: string): Promise<RecordingProxy> {
  let recorded: OracleRequest[] = [];
  const server = createServer((request, response) => {
    const { method = 'GET', url = '/', headers } = request;
    const handOn = async () => {
      const body = await text(request);
      recorded.push(oracleRequest(method, new URL(url, target), body));
      const kept = Object.entries(headers).filter(([name]) => !dropped.has(name));
      const answer = await fetch(new URL(url, target), {
        method,
        headers: Object.fromEntries(kept.map(([name, value]) => [name, String(value)])),
        ...(body === '' ? {} : { body }),
        redirect: 'manual',
      });
      const type = answer.headers.get('content-type');
      response.writeHead(answer.status, type === null ? {} : { 'content-type': type });
      response.end(await answer.text());
    };
    handOn().catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  const port = await listenOnLoopback(server, 0, 'the recording proxy');
  return {
    origin: `http://${loopbackHost}:${port}`,
    take() {
      const taken = recorded;
      recorded = [];
      return taken;
    },
    stop: () => closeServer(server),
  };
}
