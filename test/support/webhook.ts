import { webhookRequest } from '../../lib/sandbox/webhook-request.ts';
import type { TestStack } from './test-stack.ts';
import type { TestedCrm } from './tested-crm.ts';

/** An answer of the endpoint. */
export interface WebhookAnswer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape.
  body: any;
  text: string;
}

export interface WebhookOptions {
  method?: string;
  path?: string;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  /** As text or bytes; bytes go without a content type. */
  body?: string | Uint8Array;
}

/** Sends any request to the endpoint. */
export async function request(test: TestStack, options: WebhookOptions): Promise<WebhookAnswer> {
  const url = new URL(options.path ?? '/', test.stack.webhook);
  for (const [name, value] of Object.entries(options.query ?? {})) url.searchParams.append(name, value);
  const response = await fetch(url, {
    method: options.method ?? (options.body === undefined ? 'GET' : 'POST'),
    headers: options.headers ?? {},
    ...(options.body === undefined
      ? {}
      : { body: typeof options.body === 'string' ? Buffer.from(options.body) : Buffer.from(options.body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: text === '' ? undefined : JSON.parse(text),
  };
}

/** The access key of a connection. */
export const keyOf = ({ stack }: TestStack, connection = 'encharge'): string =>
  String(stack.connections[connection]?.accessKey);

/** Sends what the CRM of a connection sends for a contact, to the URL a marketer would have pasted. */
export function webhook(
  test: TestStack,
  connection: TestedCrm,
  action: string,
  contactId: string | number,
  query: Record<string, string> = {},
): Promise<WebhookAnswer> {
  const { headers, body } = webhookRequest(
    connection,
    new URL(test.stack.webhook),
    { id: contactId },
    new Date(),
  );
  return request(test, {
    method: 'POST',
    query: { wpf_action: action, access_key: keyOf(test, connection), ...query },
    headers,
    body,
  });
}
