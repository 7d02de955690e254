import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { isSitePath } from '../../functions/site/site-paths.ts';
import type { PublicHost } from './foreign-request.ts';
import { gatewayAnswer, type HttpAnswer, toHttpAnswer } from './http-answer.ts';
import { toHttpEvent } from './http-event.ts';
import { createLambdaContext } from './lambda-context.ts';
import { listenOnLoopback, loopbackHost } from './loopback-server.ts';
import { TimedOut, within } from './within.ts';

export type HttpHandler = (event: APIGatewayProxyEventV2, context: Context) => Promise<unknown>;

export interface HttpFrontOptions {
  /** 0 lets the system choose one. */
  readonly port: number;
  /** How long the function may take, in milliseconds, before Lambda would end it. */
  readonly functionTimeoutMs?: number;
  /** How long API Gateway waits, in milliseconds. */
  readonly integrationTimeoutMs?: number;
  /** The name of a tunnel that ends here. */
  readonly publicHost?: string | undefined;
  /** Gets what the handler threw: Lambda would log it. */
  readonly onError: (error: unknown) => void;
}

export interface HttpFront {
  readonly url: string;
  readonly port: number;
  /** Takes no more connections, waits for the requests under way, and closes the rest. */
  stop(): Promise<void>;
}

const maxBodyBytes = 10 * 1024 * 1024;
const maxIntegrationTimeoutMs = 30_000;
/** Longer than the clients here keep a connection, so that it is never closed under a request on its way. */
const keepAliveTimeoutMs = 75_000;

/** What a tunnel leads to: webhooks and the site's side, and nothing that may be added here for people at this machine. */
const publicAs = (name: string): PublicHost => ({
  name: name.toLowerCase(),
  isReachable: (path) => path === '/' || isSitePath(path),
});

/**
 * Serves a Lambda handler over HTTP on the loopback address as an API Gateway HTTP API does: same events, same limits
 * (10 MB, 30 s), same answers to what goes wrong.
 *
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
 *
 * @throws {LocalStackError} when the port is taken.
 */
export async function startHttpFront(handler: HttpHandler, options: HttpFrontOptions): Promise<HttpFront> {
  const underWay = new Set<Promise<void>>();
  const server = createServer({ keepAliveTimeout: keepAliveTimeoutMs }, (request, response) => {
    const served = serve(handler, options, request, response);
    underWay.add(served);
    void served.finally(() => underWay.delete(served));
  });
  const { publicHost } = options;
  const port = await listenOnLoopback(
    server,
    options.port,
    'the webhook',
    publicHost === undefined ? undefined : publicAs(publicHost),
  );
  return {
    url: `http://${loopbackHost}:${port}`,
    port,
    stop: async () => {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      while (underWay.size > 0) await Promise.all(underWay);
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Never rejects: what goes wrong is an answer, or a client that left. */
async function serve(
  handler: HttpHandler,
  options: HttpFrontOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const closed = new Promise<void>((resolve) => response.once('close', resolve));
  // Eleven bytes make the fifteen characters and one "=" of an API Gateway request id.
  const requestId = randomBytes(11).toString('base64');
  const body = await readBody(request);
  if (body === 'aborted') return;
  const answer =
    body === 'too large'
      ? gatewayAnswer(413, 'Request Entity Too Large')
      : await invoke(handler, options, request, { body, requestId });
  try {
    write(response, answer, requestId);
  } catch (error) {
    options.onError(error);
    write(response, gatewayAnswer(500, 'Internal Server Error'), requestId);
  }
  await closed;
}

async function invoke(
  handler: HttpHandler,
  options: HttpFrontOptions,
  request: IncomingMessage,
  { body, requestId }: { body: Buffer; requestId: string },
): Promise<HttpAnswer> {
  const integrationMs = options.integrationTimeoutMs ?? maxIntegrationTimeoutMs;
  const functionMs = options.functionTimeoutMs ?? maxIntegrationTimeoutMs;
  const event = toHttpEvent({
    method: request.method ?? 'GET',
    target: request.url ?? '/',
    httpVersion: request.httpVersion,
    rawHeaders: request.rawHeaders,
    body,
    sourceIp: request.socket.remoteAddress ?? loopbackHost,
    requestId,
    receivedAt: new Date(),
  });
  const context = createLambdaContext({ timeoutMs: functionMs });
  try {
    return toHttpAnswer(await within(Math.min(functionMs, integrationMs), () => handler(event, context)));
  } catch (error) {
    options.onError(error);
    return error instanceof TimedOut && integrationMs <= functionMs
      ? gatewayAnswer(503, 'Service Unavailable')
      : gatewayAnswer(500, 'Internal Server Error');
  }
}

/** What is over the limit is read and dropped, so that the client gets to see the answer. */
function readBody(request: IncomingMessage): Promise<Buffer | 'too large' | 'aborted'> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request
      .on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size <= maxBodyBytes) chunks.push(chunk);
        else chunks.length = 0;
      })
      .once('end', () => resolve(size > maxBodyBytes ? 'too large' : Buffer.concat(chunks)))
      // The client left in the middle of its request: nobody is there to be answered.
      .once('error', () => resolve('aborted'))
      .once('close', () => resolve('aborted'));
  });
}

function write(response: ServerResponse, answer: HttpAnswer, requestId: string): void {
  response.writeHead(answer.status, {
    ...answer.headers,
    'apigw-requestid': requestId,
    'content-length': answer.body.length,
  });
  response.end(answer.body);
}
