import { Readable } from 'node:stream';
import type { FaultyExchange } from './faulty-exchange.ts';

const oversizeChunk = ' '.repeat(64 * 1024);
const oversizeChunks = 97;
/** A byte each so many milliseconds makes a person take a minute. */
const slowByteMs = 50;

/** Promises a body and closes the connection instead. */
export function closeAfterHeaders({ response }: FaultyExchange): number {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 }).flushHeaders();
  setImmediate(() => response.socket?.destroy());
  return 200;
}

/** Promises the whole body, sends half of it and closes the connection. */
export function closeAfterHalf({ response, answer }: FaultyExchange): number {
  const length = Buffer.byteLength(answer.body);
  response.writeHead(answer.status, { ...answer.headers, 'content-length': length }).flushHeaders();
  response.write(firstHalf(answer.body), () => response.socket?.destroy());
  return answer.status;
}

/** The answer followed by white space. JSON allows it, so that the size is all that is wrong. */
export function sendOversize({ response, answer }: FaultyExchange): number {
  response.writeHead(answer.status, answer.headers);
  Readable.from(oversized(answer.body)).pipe(response);
  return answer.status;
}

/** The headers at once, the body byte by byte. */
export function sendSlowly({ response, answer }: FaultyExchange): number {
  const bytes = Buffer.from(answer.body);
  response.writeHead(answer.status, { ...answer.headers, 'content-length': bytes.length }).flushHeaders();
  let sent = 0;
  const timer = setInterval(() => {
    if (sent < bytes.length) response.write(bytes.subarray(sent, sent + 1));
    else response.end();
    sent += 1;
  }, slowByteMs);
  response.on('close', () => clearInterval(timer));
  return answer.status;
}

/** Bytes, because the cut may go through a character. */
export function firstHalf(text: string): Buffer {
  const bytes = Buffer.from(text);
  return bytes.subarray(0, Math.floor(bytes.length / 2));
}

function* oversized(body: string): Generator<string> {
  yield body;
  for (let sent = 0; sent < oversizeChunks; sent += 1) yield oversizeChunk;
}
