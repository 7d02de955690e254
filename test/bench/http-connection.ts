import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** An answer: its status, and its body as text. */
export interface Answered {
  status: number;
  body: string;
}

const endOfHead = '\r\n\r\n';
const none = Buffer.alloc(0);
const hungUp = () => Object.assign(new Error('The server hung up.'), { code: 'ECONNRESET' });

/** The answer in what has come so far; undefined while there is more to come. */
function answerIn(received: Buffer): Answered | undefined {
  const end = received.indexOf(endOfHead);
  if (end < 0) return undefined;
  const head = received.toString('latin1', 0, end);
  const [, status] = /^HTTP\/1\.1 (\d{3})/.exec(head) ?? [];
  const [, length] = /^content-length: *(\d+)/im.exec(head) ?? [];
  if (status === undefined || length === undefined) throw new Error('No answer of ours.');
  const start = end + endOfHead.length;
  if (received.length < start + Number(length)) return undefined;
  return { status: Number(status), body: received.toString('utf8', start) };
}

/**
 * A kept connection to the local front, for one request after the other: as much of HTTP as a load generator needs. Node's own
 * client takes a tenth of the time of a webhook, which is then missing to the one that is measured.
 */
export class HttpConnection {
  readonly #socket: Socket;
  readonly #host: string;
  #received: Buffer = none;
  #waiting: { resolve: (answer: Answered) => void; reject: (error: unknown) => void } | undefined;

  private constructor(socket: Socket, host: string) {
    this.#socket = socket;
    this.#host = host;
    socket
      .on('data', (part) => this.#read(part))
      .on('error', (error) => this.#fail(error))
      .on('close', () => this.#fail(hungUp()));
  }

  static async open({ hostname, port, host }: URL): Promise<HttpConnection> {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    await once(socket, 'connect');
    return new HttpConnection(socket, host);
  }

  /** @throws what the connection met; it is of no use then */
  post(path: string, json: string): Promise<Answered> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#received = none;
      if (this.#socket.destroyed) reject(hungUp());
      const head = [
        `POST ${path} HTTP/1.1`,
        `host: ${this.#host}`,
        'content-type: application/json',
        `content-length: ${Buffer.byteLength(json)}`,
      ];
      this.#socket.write(head.join('\r\n') + endOfHead + json);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(part: Buffer): void {
    this.#received = this.#received.length === 0 ? part : Buffer.concat([this.#received, part]);
    try {
      const answer = answerIn(this.#received);
      if (answer) this.#waiting?.resolve(answer);
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    this.#waiting?.reject(error);
    this.#socket.destroy();
  }
}
