import { signal } from '@preact/signals';
import type { About } from '../answers.ts';

/** What the server has answered that is no success, in its words. */
export class ServerError extends Error {
  override name = 'ServerError';
  readonly status: number;
  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

async function call<Answer>(path: string, init: RequestInit = {}): Promise<Answer> {
  let response: Response;
  try {
    response = await fetch(`/api/${path}`, init);
  } catch {
    throw new ServerError('The console does not answer. If it was stopped, start it again.', 0);
  }
  const body: unknown = await response.json().catch(() => ({}));
  if (response.ok) return body as Answer;
  const said = typeof body === 'object' && body !== null && 'error' in body ? String(body.error) : '';
  throw new ServerError(said || `The console answered ${response.status}.`, response.status);
}

const withBody = (method: string, body: unknown, headers: Record<string, string> = {}): RequestInit => ({
  method,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

export const read = <Answer>(path: string): Promise<Answer> => call(path);

/** A question whose words are in no address. */
export const ask = <Answer>(path: string, body: unknown = {}): Promise<Answer> =>
  call(`ask/${path}`, withBody('POST', body));

/** Changes something. The header tells the server that it is this page who asks. */
export const change = <Answer>(
  method: 'POST' | 'PUT' | 'DELETE',
  path: string,
  body?: unknown,
): Promise<Answer> => call(path, withBody(method, body ?? {}, { 'x-usher-console': 'write' }));

/** What the page is over; undefined until the server has said so. */
export const about = signal<About | undefined>(undefined);

/** Why something does not work right now. */
export const problem = signal<string | undefined>(undefined);

export const words = (error: unknown): string => (error instanceof Error ? error.message : String(error));
