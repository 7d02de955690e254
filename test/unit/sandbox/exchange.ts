import { type IncomingHttpHeaders, request } from 'node:http';

export interface Exchange {
  status: number;
  headers: IncomingHttpHeaders;
  bytes: Buffer;
  text: string;
  /** The parsed body; `undefined` when it is not JSON. */
  json: unknown;
}

export interface ExchangeOptions {
  method?: string;
  headers?: Record<string, string>;
  /** Sent as JSON with its content type, unless it is a text: that goes as it is, without one. */
  body?: unknown;
}

/** One HTTP request as it is: nothing followed, nothing added, and a broken answer rejects. */
export function exchange(
  url: string,
  { method = 'GET', headers = {}, body }: ExchangeOptions = {},
): Promise<Exchange> {
  const isText = typeof body === 'string';
  const payload = body === undefined ? undefined : Buffer.from(isText ? body : JSON.stringify(body));
  const type: Record<string, string> = payload && !isText ? { 'content-type': 'application/json' } : {};
  const length: Record<string, number> = payload ? { 'content-length': payload.length } : {};
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      { method, headers: { ...type, ...length, ...headers }, agent: false },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () => {
          const bytes = Buffer.concat(chunks);
          const text = bytes.toString();
          resolve({
            status: answer.statusCode ?? 0,
            headers: answer.headers,
            bytes,
            text,
            json: parse(text),
          });
        });
      },
    );
    sent.on('error', reject);
    sent.end(payload);
  });
}

export type Call = (path: string, options?: ExchangeOptions) => Promise<Exchange>;

/** Calls that sandbox's API below its base URL, with its token. */
export function callerOf({ url, token }: { url: string; token: string }): Call {
  return callerWith(url, { authorization: `Token ${token}`, 'x-encharge-token': token });
}

/** Calls paths below a base URL with these headers. */
export function callerWith(url: string, headers: Record<string, string>): Call {
  return (path, options = {}) =>
    exchange(`${url}${path}`, { ...options, headers: { ...headers, ...options.headers } });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What stands at a path of an answer: `at(json, 'users', 0, 'id')`. */
export function at(value: unknown, ...path: (string | number)[]): unknown {
  return path.reduce<unknown>((inner, key) => {
    return typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined;
  }, value);
}

/** One property of everything in a list. */
export function pluck(list: unknown, key: string): unknown[] {
  return Array.isArray(list) ? list.map((item) => at(item, key)) : [];
}
