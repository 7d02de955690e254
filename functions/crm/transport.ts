import type { Readable } from 'node:stream';
import { HttpRequest } from '@smithy/core/protocols';
import type { NodeHttpHandler } from '@smithy/node-http-handler';
import { readStream } from '../read-stream.ts';
import { CrmAnswerInvalid } from './crm-errors.ts';

/** An answer, read to its end. Header names are lower-case. */
export interface CrmResponse {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** Sends one HTTP request to a CRM and reads the whole answer. Rejects when the signal fires or the line breaks. */
export type Transport = (
  request: { method: string; url: URL; headers: Record<string, string>; body?: string },
  signal: AbortSignal,
) => Promise<CrmResponse>;

/** No person is larger; a larger answer is a mistake or an attack. */
const limit = {
  bytes: 5 * 1024 * 1024,
  error: () => new CrmAnswerInvalid('it is larger than 5 MB'),
};

/**
 * A success that is not UTF-8 would be stored with other letters than the CRM has. An error's text may be anything: its status
 * counts. A byte order mark is skipped.
 *
 * @throws CrmAnswerInvalid
 */
function decoded(bytes: Uint8Array, status: number): string {
  try {
    return new TextDecoder('utf-8', { fatal: status < 300 }).decode(bytes);
  } catch {
    throw new CrmAnswerInvalid('it is not UTF-8');
  }
}

async function readBody(stream: Readable, signal: AbortSignal): Promise<Uint8Array> {
  const abort = () => stream.destroy(signal.reason as Error);
  signal.addEventListener('abort', abort);
  if (signal.aborted) abort();
  try {
    return await readStream(stream, limit);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/**
 * The transport over the AWS SDK's own HTTP handler: it is in the bundle already, keeps connections alive, and
 * follows no redirects. Compressed answers are not asked for, so an answer's size is what came over the line.
 */
export function createTransport(handler: Pick<NodeHttpHandler, 'handle'>): Transport {
  return async ({ method, url, headers, body }, signal) => {
    const { response } = await handler.handle(
      new HttpRequest({
        method,
        protocol: url.protocol,
        hostname: url.hostname,
        ...(url.port === '' ? {} : { port: Number(url.port) }),
        path: url.pathname + url.search,
        headers: { host: url.host, 'accept-encoding': 'identity', ...headers },
        body,
      }),
      { abortSignal: signal },
    );
    return {
      status: response.statusCode,
      headers: response.headers,
      body: decoded(await readBody(response.body as Readable, signal), response.statusCode),
    };
  };
}
