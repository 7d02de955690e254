import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { VirtualCrm, type VirtualCrmOptions } from '../virtual/virtual-crm.ts';

export interface LoopbackCrm {
  /** Ends in a slash. */
  url: string;
  crm: VirtualCrm;
  stop(): Promise<void>;
}

async function answer(crm: VirtualCrm, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const hungUp = new AbortController();
  response.on('close', () => hungUp.abort(new Error('The caller has gone.')));
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  try {
    const { status, headers, body } = await crm.transport({ method: 'GET', url, headers: {} }, hungUp.signal);
    response.writeHead(status, headers).end(body);
  } catch {
    // The reset that was asked for, or a caller who waits no longer.
    response.destroy();
  }
}

/** The CRM of the tests in virtual time, as a server on the loopback address in real time. */
export async function startLoopbackCrm(options: VirtualCrmOptions): Promise<LoopbackCrm> {
  const crm = new VirtualCrm(options);
  const server = createServer((request, response) => void answer(crm, request, response));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    crm,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}
