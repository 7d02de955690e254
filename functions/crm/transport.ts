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

async function readBody(stream: Readable, signal: AbortSignal): Promise<string> {
  const abort = () => stream.destroy(signal.reason as Error);
  signal.addEventListener('abort', abort);
  if (signal.aborted) abort();
  try {
    const body = await readStream(stream, limit);
    return body.toString('utf8');
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
      body: await readBody(response.body as Readable, signal),
    };
  };
}
