import type { APIGatewayProxyStructuredResultV2, Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { WebhookEvent } from './exchange.ts';
import { jobChain } from './job-chain.ts';
import type { Services } from './services.ts';
import { webhookChain } from './webhook-chain.ts';

/** An HTTP API event (payload 2.0) before the chain has opened its exchange, or a batch of jobs. */
export type UsherEvent = Omit<WebhookEvent, 'exchange'> | SQSEvent;
export type UsherHandler = (
  event: UsherEvent,
  context: Context,
) => Promise<APIGatewayProxyStructuredResultV2 | SQSBatchResponse>;

/** The Lambda function: webhooks from API Gateway and jobs from SQS come through the same door. */
export function createHandler(services: Services): UsherHandler {
  const webhook = webhookChain(services);
  const jobs = jobChain(services);
  return (event, context) =>
    'Records' in event ? jobs(event, context) : webhook(event as WebhookEvent, context);
}
