import { createHandler } from '../../functions/create-handler.ts';
import type { AwsService } from '../../functions/runtime/aws-clients.ts';
import { createAwsClients } from '../../functions/runtime/aws-clients.ts';
import { createServices } from '../../functions/runtime/create-services.ts';
import { readEnvironment } from '../../functions/runtime/environment.ts';
import type { Log } from '../../functions/runtime/log.ts';
import type { Services } from '../../functions/runtime/services.ts';
import { createTable } from './dynamodb.ts';
import {
  defaultTable,
  type EmulatorOptions,
  type Emulators,
  Started,
  secretsOf,
  startEmulators,
} from './emulators.ts';
import { startHttpFront } from './http-front.ts';
import { type JobPoller, startJobPoller } from './job-poller.ts';
import { localClient } from './local-client.ts';
import { type LocalConnection, secretId, siteSecretId } from './local-connections.ts';
import { Slots } from './slots.ts';
import { followTable } from './table-stream.ts';
import { createTraces, type Traces } from './traces.ts';

export interface LocalStackOptions extends EmulatorOptions {
  /** 0 lets the system choose one. */
  port: number;
  log: Log;
  /** The name of a tunnel that ends at the webhook. */
  publicHost?: string | undefined;
  /** Changes what the handler gets: tests put clocks and faults in its way. */
  adjust?: (services: Services) => Services;
  /** Without a poller jobs wait in the queue until a test takes them. */
  withPoller?: boolean;
  /** Keeps requests, answers, the CRM's calls and what was written: for the console. */
  withTraces?: boolean;
  onError: (error: unknown) => void;
}

/** Usher on this machine: the real handler, emulated services. */
export interface LocalStack {
  /** Where webhooks go, ending in a slash. */
  webhook: string;
  inbox: string;
  endpoints: Record<AwsService, string>;
  table: string;
  queueUrl: string;
  deadLetterUrl: string;
  connections: Record<string, LocalConnection>;
  /** Connection → id of its secret. */
  secretIds: Record<string, string>;
  /** What the site's own servers use, and the id of its secret. */
  site: { key: string; secretId: string };
  services: Services;
  handler: ReturnType<typeof createHandler>;
  poller: JobPoller | undefined;
  traces: Traces | undefined;
  /** Stores a secret anew: rotates keys, changes a token. */
  setSecret(connection: string, value: { accessKeys: string[]; apiToken: string }): void;
  stop(): Promise<void>;
}

/** As in the stack: what the function may take, in milliseconds. */
const functionTimeoutMs = 30_000;
/** As the stack's maximum concurrency of the event source. */
const pollers = 4;
/** Webhooks worked on at once: enough to keep the processor busy, and fewer than the SDK's 50 connections. */
const webhooksAtOnce = 40;
/**
 * Client and service share one processor here: a connection takes as long as whatever else is being done. In milliseconds,
 * otherwise as on AWS.
 */
const requestHandler = { connectionTimeout: 10_000, requestTimeout: 3000, throwOnRequestTimeout: true };

/** The function's services, with as many webhooks at once as the processor can bear. */
async function createLocalServices(
  { config, log, adjust, tableName = defaultTable, withTraces }: LocalStackOptions,
  { endpoints, queue, connections }: Emulators,
  { slots, publicUrl, traces }: { slots: Slots; publicUrl: string; traces: Traces | undefined },
): Promise<Services> {
  const aws = createAwsClients((service) => ({
    ...localClient(endpoints[service]),
    requestHandler,
  }));
  await createTable(aws.documents, tableName, withTraces);
  const byName = <Value>(of: (name: string, connection: LocalConnection) => Value) =>
    Object.fromEntries(Object.entries(connections).map(([name, one]) => [name, of(name, one)]));
  const environment = readEnvironment({
    USHER_TABLE: tableName,
    USHER_QUEUE_URL: queue.queueUrl,
    USHER_DEAD_LETTER_URL: queue.deadLetterUrl,
    USHER_PUBLIC_URL: publicUrl,
    USHER_SITE_SECRET: siteSecretId,
    USHER_SECRETS: JSON.stringify(byName(secretId)),
    USHER_CRM_URLS: JSON.stringify(byName((_name, { crmUrl }) => crmUrl)),
  });
  const plain = createServices(config, environment, aws, log);
  const transport = traces?.transport(plain.transport) ?? plain.transport;
  const created: Services = {
    ...plain,
    transport: (request, signal) => slots.without(() => transport(request, signal)),
  };
  return adjust?.(created) ?? created;
}

/** Follows the table until it is stopped. Whatever fails there is missing on a page, and nowhere else. */
function startFollowing(
  endpoint: string,
  table: string,
  traces: Traces,
  onError: LocalStackOptions['onError'],
): Promise<{ stop(): Promise<void> }> {
  const ending = new AbortController();
  const follower = { told: traces.noteWritten, onError };
  const following = followTable(endpoint, table, follower, ending.signal).catch(onError);
  return Promise.resolve({
    async stop() {
      ending.abort();
      await following;
    },
  });
}

async function start(options: LocalStackOptions, started: Started): Promise<LocalStack> {
  const { onError, tableName = defaultTable } = options;
  const emulators = await startEmulators(options, started);
  const { endpoints, inbox, queue, connections, siteKey, secrets } = emulators;
  const slots = new Slots(webhooksAtOnce);
  // The function is told where it is reached, which the system may choose.
  const created = Promise.withResolvers<LocalStack['handler']>();
  const front = await started.add(
    startHttpFront((event, context) => slots.run(async () => (await created.promise)(event, context)), {
      port: options.port,
      publicHost: options.publicHost,
      functionTimeoutMs,
      onError,
    }),
  );
  const publicUrl = options.publicHost === undefined ? `${front.url}/` : `https://${options.publicHost}/`;
  const traces = options.withTraces ? createTraces(secretsOf(emulators)) : undefined;
  const services = await createLocalServices(options, emulators, { slots, publicUrl, traces });
  if (traces) await started.add(startFollowing(endpoints.dynamodb, tableName, traces, onError));
  const plain = createHandler(services);
  const handler = traces?.handler(plain) ?? plain;
  created.resolve(handler);
  const poller =
    options.withPoller === false
      ? undefined
      : await started.add(
          startJobPoller(handler, {
            sqs: services.sqs,
            queueUrl: queue.queueUrl,
            pollers,
            functionTimeoutMs,
            inTurn: (work) => slots.runPatiently(work),
            onError,
            ...(queue.endLongPolls ? { endLongPolls: queue.endLongPolls } : {}),
          }),
        );
  return {
    webhook: `${front.url}/`,
    inbox: inbox.url,
    endpoints,
    table: tableName,
    queueUrl: queue.queueUrl,
    deadLetterUrl: queue.deadLetterUrl,
    connections,
    secretIds: Object.fromEntries(Object.keys(connections).map((name) => [name, secretId(name)])),
    site: { key: siteKey, secretId: siteSecretId },
    services,
    handler,
    poller,
    traces,
    setSecret: (connection, value) => secrets.set(secretId(connection), JSON.stringify(value)),
    stop: () => started.stop(),
  };
}

/**
 * Starts Usher on this machine, all on 127.0.0.1. Whatever goes wrong, nothing is left running.
 *
 * @throws LocalStackError when the person at the keyboard can fix it
 */
export async function startLocalStack(options: LocalStackOptions): Promise<LocalStack> {
  const started = new Started();
  try {
    return await start(options, started);
  } catch (error) {
    await started.stop();
    throw error;
  }
}
