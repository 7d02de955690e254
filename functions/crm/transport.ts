import { addAbortSignal, type Readable } from 'node:stream';
import { HttpRequest } from '@smithy/core/protocols';
import type { NodeHttpHandler } from '@smithy/node-http-handler';
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
const largestAnswer = 5 * 1024 * 1024;

async function readBody(stream: Readable, signal: AbortSignal): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of addAbortSignal(signal, stream)) {
    size += chunk.length;
    // Leaving the loop destroys the stream, and with it the connection.
    if (size > largestAnswer) throw new CrmAnswerInvalid('it is larger than 5 MB');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
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
