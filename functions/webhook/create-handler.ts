import type { APIGatewayProxyStructuredResultV2, Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { connectorOf } from '../crm/registry.ts';
import type { WebhookEvent } from './exchange.ts';
import { jobChain } from './job-chain.ts';
import type { Line, Log } from './log.ts';
import type { Services } from './services.ts';
import { webhookChain } from './webhook-chain.ts';

/** An HTTP API event (payload 2.0) before the chain has opened its exchange, or a batch of jobs. */
export type UsherEvent = Omit<WebhookEvent, 'exchange'> | SQSEvent;
export type UsherHandler = (
  event: UsherEvent,
  context: Context,
) => Promise<APIGatewayProxyStructuredResultV2 | SQSBatchResponse | typeof foreign>;

/** What somebody is told who invokes the function by hand, with the console's test event for instance. */
const foreign = {
  message:
    'This is no event of API Gateway (payload 2.0) or SQS, so nothing was done. "npx usher send" and "npx usher doctor" try Usher out.',
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

function isJobs(event: unknown): event is SQSEvent {
  if (!isObject(event) || !Array.isArray(event['Records'])) return false;
  return event['Records'].every((record) => isObject(record) && record['eventSource'] === 'aws:sqs');
}

function isWebhook(event: unknown): event is WebhookEvent {
  if (!isObject(event) || event['version'] !== '2.0' || !isObject(event['requestContext'])) return false;
  return isObject(event['requestContext']['http']);
}

/** A log that is told of ids which the connection's CRM cannot have made: what they are, nobody knows. */
function withForeignIds({ log, config }: Services): Log {
  const isForeign = ({ connection, contactId }: Line) => {
    const crm = config.connections[connection]?.crm;
    return (
      contactId !== undefined && crm !== undefined && connectorOf(crm).contactId(contactId) === undefined
    );
  };
  return { ...log, record: (line) => log.record(isForeign(line) ? { ...line, isForeignId: true } : line) };
}

/** The Lambda function: webhooks from API Gateway and jobs from SQS come through the same door. */
export function createHandler(given: Services): UsherHandler {
  const services = { ...given, log: withForeignIds(given) };
  const webhook = webhookChain(services);
  const jobs = jobChain(services);
  return (event: unknown, context) => {
    if (isJobs(event)) return jobs(event, context);
    return isWebhook(event) ? webhook(event, context) : Promise.resolve(foreign);
  };
}
