import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type PublicHost, refuseForeignRequests } from './foreign-request.ts';
import { LocalStackError } from './local-stack-error.ts';

/** The one address the local stack listens on: nobody else on the network gets in, and no name has to resolve. */
export const loopbackHost = '127.0.0.1';

/**
 * Makes a server listen on the loopback address and answers its port. Port 0 lets the system choose a free one. Requests
 * of web pages are refused, but for those of its own and of the public host.
 *
 * @throws {LocalStackError} when the port is taken or not allowed; `what` names the service in the message.
 */
export async function listenOnLoopback(
  server: Server,
  port: number,
  what: string,
  publicHost?: PublicHost,
): Promise<number> {
  refuseForeignRequests(server, publicHost);
  try {
    server.listen(port, loopbackHost);
    await once(server, 'listening');
  } catch (error) {
    throw portError(error, port, what);
  }
  return (server.address() as AddressInfo).port;
}

/** Says in words why a port could not be had; any other error is handed back as it is. */
export function portError(error: unknown, port: number, what: string): unknown {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') {
    return new LocalStackError(
      `Port ${port} for ${what} is taken. Stop the program that uses it, or choose another port.`,
      { cause: error },
    );
  }
  if (code === 'EACCES') {
    return new LocalStackError(
      `Port ${port} for ${what} is not allowed for this user. Choose one above 1023.`,
      { cause: error },
    );
  }
  return error;
}

/** Closes a server and every connection to it, finished or not. */
export async function closeServer(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
