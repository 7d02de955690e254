import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll } from '@jest/globals';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { Connector } from '../../../functions/crm/connector.ts';
import type { CrmCall } from '../../../functions/crm/crm-call.ts';
import { type CrmClient, type CrmClientOptions, createCrmClient } from '../../../functions/crm/crm-client.ts';
import { createMemory } from '../../../functions/crm/memory.ts';
import type { CrmName } from '../../../functions/crm/registry.ts';
import { createTransport } from '../../../functions/crm/transport.ts';
import { closeServer, listenOnLoopback, loopbackHost } from '../../../lib/dev/loopback-server.ts';
import { account, entries } from '../../connectors/entries.ts';

export interface Received {
  method: string | undefined;
  url: string | undefined;
  headers: IncomingHttpHeaders;
  body: string;
}

/** How one request is answered: with status, body and headers, or by hand. */
export type Reply =
  | { status?: number; body?: unknown; headers?: Record<string, string> }
  | ((response: ServerResponse, request: IncomingMessage) => void);

/** A CRM that answers as a test tells it, and the real client for it. */
export interface CrmServer {
  /** Where it is. Ends in a slash. */
  url: string;
  received: Received[];
  /** Told of every call, as the log is. */
  calls: CrmCall[];
  /** Pauses that the client made, in milliseconds. */
  pauses: number[];
  /** Answers to the next requests; the last one stays. */
  answer(...replies: Reply[]): void;
  /** The client of a CRM of the registry, or of a connector that needs no settings. */
  client(crm: CrmName | Connector, options?: Partial<CrmClientOptions>): CrmClient;
  stop(): Promise<void>;
}

function send(reply: Reply, request: IncomingMessage, response: ServerResponse): void {
  if (typeof reply === 'function') {
    reply(response, request);
    return;
  }
  const { status = 200, body = '', headers = {} } = reply;
  const isText = typeof body === 'string' || body instanceof Uint8Array;
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(isText ? body : JSON.stringify(body));
}

export async function startCrmServer(): Promise<CrmServer> {
  const received: Received[] = [];
  const calls: CrmCall[] = [];
  const pauses: number[] = [];
  let replies: Reply[] = [];
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const { method, url, headers } = request;
    received.push({ method, url, headers, body: await text(request) });
    const reply = replies.length > 1 ? replies.shift() : replies[0];
    send(reply ?? { status: 599 }, request, response);
  };
  const server = createServer((request, response) => {
    serve(request, response).catch((error: Error) => request.socket.destroy(error));
  });
  const port = await listenOnLoopback(server, 0, 'the CRM');
  const url = `http://${loopbackHost}:${port}/`;
  const handler = new NodeHttpHandler({ connectionTimeout: 1000 });
  const transport = createTransport(handler);

  return {
    url,
    received,
    calls,
    pauses,
    answer(...given) {
      received.length = 0;
      calls.length = 0;
      pauses.length = 0;
      replies = given;
    },
    client(crm, options = {}) {
      const { connector, api } =
        typeof crm === 'string' ? account(crm, entries[crm]) : { connector: crm, api: crm.api({}) };
      return createCrmClient({
        connector,
        api,
        baseUrl: `${url}api/`,
        credentials: () => Promise.resolve({ apiToken: 'fake-token' }),
        wanted: Object.values(connector.defaultFields).map(({ field }) => field),
        memory: createMemory(),
        transport,
        signal: new AbortController().signal,
        timeoutMs: 5000,
        now: () => new Date('2026-03-01T12:00:00Z'),
        sleep: (ms) => Promise.resolve(void pauses.push(ms)),
        onCall: (call) => calls.push(call),
        ...options,
      });
    },
    async stop() {
      handler.destroy();
      server.closeAllConnections();
      await closeServer(server);
    },
  };
}

/** The CRM of the test file that runs. */
export let crm: CrmServer;

/** Starts a CRM before the tests of a file, and stops it after them. */
export function useCrmServer(): void {
  beforeAll(async () => {
    crm = await startCrmServer();
  });
  afterAll(() => crm.stop());
}
