import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';

/** A request with the headers as they are given: `fetch` sets Host and Origin by itself. */
export async function plainRequest(
  url: string,
  headers: Readonly<Record<string, string | string[]>>,
  { method = 'GET', body = '' } = {},
): Promise<{ status: number; body: string }> {
  const sent = request(url, { method, headers, agent: false });
  sent.end(body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return { status: response.statusCode ?? 0, body: await text(response) };
}
