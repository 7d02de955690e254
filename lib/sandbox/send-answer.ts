import type { ServerResponse } from 'node:http';
import type { ApiAnswer } from './api-answer.ts';

/** Sends a whole answer and returns its status. The body may be bytes that are no text (any more). */
export function sendAnswer(
  response: ServerResponse,
  { status, headers, body }: Omit<ApiAnswer, 'body'> & { body: string | Buffer },
): number {
  const length = status === 204 ? {} : { 'content-length': Buffer.byteLength(body) };
  response.writeHead(status, { ...headers, ...length }).end(body);
  return status;
}
