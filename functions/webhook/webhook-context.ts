import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Invocation } from '../runtime/invocation.ts';
import type { Line } from '../runtime/log.ts';
import type { Answer } from './answers.ts';
import type { Payload } from './body.ts';
import type { NamedContacts } from './named-contacts.ts';
import type { Lookup, Parameters } from './parameters.ts';

/** What is known of a webhook while it goes through the chain. Each middleware fills in what it finds out. */
export interface WebhookContext {
  invocation: Invocation;
  requestId: string;
  /** How long the sender had been waiting when it was opened, in milliseconds. */
  waitedMs: number;
  /** When API Gateway got the webhook, ISO 8601. */
  receivedAt: string;
  /** What the log will say. */
  line: Line;
  query: URLSearchParams;
  /** Read on first use: a webhook with its key in the query is refused before its body is looked at. */
  payload: () => Promise<Payload>;
  find: () => Promise<Lookup>;
  connection: string;
  parameters: Parameters;
  contacts: NamedContacts;
  /** Nothing to carry out: a CRM that tries the URL out, or an event that is about no contact. */
  idle?: 'ok' | 'ignored' | undefined;
  /** What the sender should mend, though the webhook is carried out. */
  warnings: string[];
}

export type WebhookEvent = APIGatewayProxyEventV2 & { context: WebhookContext };

/** A step of the chain: event in, answer or HTTP answer out. */
export type Step = MiddlewareObj<WebhookEvent, Answer | APIGatewayProxyStructuredResultV2>;
