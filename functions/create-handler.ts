import type {
  APIGatewayProxyStructuredResultV2,
  Context,
  SNSEvent,
  SQSBatchResponse,
  SQSEvent,
} from 'aws-lambda';
import { connectorOf } from './crm/registry.ts';
import { loadedOnce } from './runtime/loaded-once.ts';
import type { Line, Log } from './runtime/log.ts';
import type { Services } from './runtime/services.ts';
import { isSitePath } from './site/site-paths.ts';
import { webhookChain } from './webhook/webhook-chain.ts';
import type { WebhookEvent } from './webhook/webhook-context.ts';

/** An HTTP API event (payload 2.0) before the chain has opened its context, a batch of jobs, or what became of mails. */
export type UsherEvent = Omit<WebhookEvent, 'context'> | SQSEvent | SNSEvent;
export type UsherHandler = (
  event: UsherEvent,
  context: Context,
) => Promise<APIGatewayProxyStructuredResultV2 | SQSBatchResponse | typeof foreign | undefined>;

/** What somebody is told who invokes the function by hand, with the console's test event for instance. */
const foreign = {
  message:
    'This is no event of API Gateway (payload 2.0), SQS or SNS, so nothing was done. "npx usher send" and "npx usher doctor" try Usher out.',
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

function isJobs(event: unknown): event is SQSEvent {
  if (!isObject(event) || !Array.isArray(event['Records'])) return false;
  return event['Records'].every((record) => isObject(record) && record['eventSource'] === 'aws:sqs');
}

function isMailEvents(event: unknown): event is SNSEvent {
  if (!isObject(event) || !Array.isArray(event['Records']) || event['Records'].length === 0) return false;
  return event['Records'].every(
    (record) => isObject(record) && record['EventSource'] === 'aws:sns' && isObject(record['Sns']),
  );
}

function isHttp(event: unknown): event is WebhookEvent {
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
  return {
    record: (line) => log.record(isForeign(line) ? { ...line, isForeignId: true } : line),
    problem: (message, fields) => log.problem(message, fields),
  };
}

/** The Lambda function: webhooks and the site's requests from API Gateway, jobs from SQS and SES's events from SNS come through one door. */
export function createHandler(given: Services): UsherHandler {
  const services = { ...given, log: withForeignIds(given) };
  const webhook = webhookChain(services);
  // Whoever sends a webhook waits for neither of these.
  const worker = loadedOnce(async () => {
    const { jobChain, mailEventChain } = await import('./worker/worker.ts');
    return { jobs: jobChain(services), mailEvents: mailEventChain(services) };
  });
  const site = loadedOnce(async () => (await import('./site/site-handler.ts')).createSiteHandler(services));
  return async (event: unknown, context) => {
    if (isJobs(event)) return (await worker()).jobs(event, context);
    if (isMailEvents(event)) return (await worker()).mailEvents(event, context);
    if (!isHttp(event)) return foreign;
    return isSitePath(event.rawPath) ? (await site())(event) : webhook(event, context);
  };
}
