import { createServer } from 'node:http';
import { closeServer, listenOnLoopback, loopbackHost } from '../../lib/dev/loopback-server.ts';

/** A server that nobody has any business with. */
export interface Bystander {
  /** Such as `127.0.0.1:40000`. */
  host: string;
  /** First line and headers of every request that came. */
  requests: string[];
  stop(): Promise<void>;
}

/** Starts a server that answers everything with 200 and remembers who came. */
export async function startBystander(): Promise<Bystander> {
  const requests: string[] = [];
  const server = createServer(({ method, url, headers }, response) => {
    requests.push(`${method} ${url} ${JSON.stringify(headers)}`);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"users":[]}');
  });
  const port = await listenOnLoopback(server, 0, 'the bystander');
  return { host: `${loopbackHost}:${port}`, requests, stop: () => closeServer(server) };
}
