import { createServer, request as sendOn } from 'node:http';
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

export async function startLossyProxy(target: string): Promise<LossyProxy> {
  const losing: string[] = [];
  let lost = 0;
  const server = createServer(async (request, response) => {
    const { method, headers, url } = request;
    const body = await buffer(request);
    const operation = String(headers['x-amz-target']).split('.')[1] ?? '';
    const forwarded = sendOn(new URL(String(url), target), { method, headers }, async (answer) => {
      const answered = await buffer(answer);
      const index = losing.indexOf(operation);
      if (index < 0) {
        response.writeHead(answer.statusCode ?? 502, answer.headers).end(answered);
        return;
      }
      losing.splice(index, 1);
      lost += 1;
      request.socket.resetAndDestroy();
    });
    forwarded.end(body);
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
