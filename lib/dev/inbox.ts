import type { AddressInfo } from 'node:net';
import { refuseForeignRequests } from './foreign-request.ts';
import { LocalStackError } from './local-stack-error.ts';
import { closeServer, loopbackHost } from './loopback-server.ts';

export interface Inbox {
  /** Where the SES client sends to. */
  readonly endpoint: string;
  /** Where a browser reads the mails. As JSON they are at `/store`. */
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts an SES emulator (aws-ses-v2-local) with a web inbox on a loopback port. Mails are kept in memory, and with `dataFile`
 * on disk too; all inboxes of one process show the same ones.
 *
 * It answers SES v1's SendEmail and SendRawEmail; other actions of v1 never get an answer.
 *
 * @throws {LocalStackError} when the port is taken, or the file holds something else.
 */
export async function startInbox(options: { port?: number; dataFile?: string } = {}): Promise<Inbox> {
  const port = options.port ?? 0;
  // It loads much, and a stack may bring an SES of its own.
  const { default: sesLocal } = await import('aws-ses-v2-local');
  const server = await sesLocal.default({ host: loopbackHost, port });
  // It resolves when listening failed as well.
  if (!server.listening) {
    throw new LocalStackError(
      `Port ${port} for the inbox cannot be had. Stop the program that uses it, or choose another port.`,
    );
  }
  refuseForeignRequests(server);
  try {
    if (options.dataFile !== undefined) (await import('./kept-mails.ts')).keepMails(server, options.dataFile);
  } catch (error) {
    await closeServer(server);
    throw error;
  }
  const endpoint = `http://${loopbackHost}:${(server.address() as AddressInfo).port}`;
  return { endpoint, url: `${endpoint}/`, stop: () => closeServer(server) };
}
