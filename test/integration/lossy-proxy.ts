import { once } from 'node:events';
import {
  createServer,
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { buffer } from 'node:stream/consumers';
import { closeServer, listenOnLoopback, loopbackHost } from '../../lib/dev/loopback-server.ts';

/** Stands between the function and DynamoDB, and loses answers: what was asked is done, and nobody hears of it. */
export interface LossyProxy {
  endpoint: string;
  /** Loses the next answer to this operation, such as `UpdateItem`. */
  loseNext(operation: string): void;
  /** Answers lost so far. */
  readonly lost: number;
  stop(): Promise<void>;
}

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** Sends a request on as it came, and reads the whole answer. */
async function sendOn(target: string, request: IncomingMessage): Promise<Answer> {
  const { method = 'POST', headers, url = '/' } = request;
  const forwarded = httpRequest(new URL(url, target), {
    method,
    headers: { ...headers, host: new URL(target).host },
  });
  forwarded.end(await buffer(request));
  const [answer] = (await once(forwarded, 'response')) as [IncomingMessage];
  return { status: answer.statusCode ?? 502, headers: answer.headers, body: await buffer(answer) };
}

export async function startLossyProxy(target: string): Promise<LossyProxy> {
  const losing: string[] = [];
  let lost = 0;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    const { status, headers, body } = await sendOn(target, request);
    const index = losing.indexOf(operation);
    if (index < 0) {
      response.writeHead(status, headers).end(body);
      return;
    }
    losing.splice(index, 1);
    lost += 1;
    request.socket.resetAndDestroy();
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error: Error) => request.socket.destroy(error));
  });
  const port = await listenOnLoopback(server, 0, 'the proxy');
  return {
    endpoint: `http://${loopbackHost}:${port}`,
    loseNext: (operation) => losing.push(operation),
    get lost() {
      return lost;
    },
    stop: () => closeServer(server),
  };
}
