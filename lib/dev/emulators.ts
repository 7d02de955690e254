import { join } from 'node:path';
import type { Config } from '../../functions/config/config.ts';
import { startDynamoDb } from './dynamodb.ts';
import { startInbox } from './inbox.ts';
import { createJobQueues } from './job-queues.ts';
import { secretId, secretsFile, siteSecretId, startConnections } from './local-connections.ts';
import type { JobQueue } from './queue.ts';
import { startSecrets } from './secrets.ts';

export const defaultTable = 'usher-local';

export interface EmulatorOptions {
  config: Config;
  crmUrls?: Readonly<Record<string, string>>;
  tokens?: Readonly<Record<string, string>>;
  /** Where table, queue, mails, people and keys are kept; without it all is in memory. */
  dataDir?: string | undefined;
  /** Services that run already: the tests share one DynamoDB Local and one SQS, and bring an SES that can fail. */
  running?: { dynamodb?: string; ses?: string; sqs?: string };
  tableName?: string;
}

/** Things to stop, last started first. */
export class Started {
  #stops: (() => Promise<void>)[] = [];

  async add<Service extends { stop(): Promise<void> }>(starting: Promise<Service>): Promise<Service> {
    const service = await starting;
    this.#stops.unshift(() => service.stop());
    return service;
  }

  async stop(): Promise<void> {
    const stops = this.#stops.splice(0);
    for (const stop of stops) await stop();
  }
}

type Queue = Omit<JobQueue, 'endLongPolls'> & Partial<JobQueue>;

/** Queues of the stack's own, in an SQS of its own or in one that runs. */
async function startQueues({ running, dataDir, tableName = defaultTable }: EmulatorOptions): Promise<Queue> {
  if (running?.sqs !== undefined) return createJobQueues(running.sqs, tableName);
  // The emulator loads much.
  const { startQueue } = await import('./queue.ts');
  return startQueue(dataDir === undefined ? {} : { dataDir: join(dataDir, 'sqs') });
}

/** What the function works with, each started or running already. */
export async function startEmulators(options: EmulatorOptions, started: Started) {
  const { config, running = {}, dataDir } = options;
  const kept = (name: string) => (dataDir === undefined ? {} : { dataDir: join(dataDir, name) });
  const startings = [
    running.dynamodb
      ? Promise.resolve({ endpoint: running.dynamodb })
      : started.add(startDynamoDb(kept('dynamodb'))),
    running.ses
      ? Promise.resolve({ endpoint: running.ses, url: running.ses })
      : started.add(startInbox(dataDir === undefined ? {} : { dataFile: join(dataDir, 'mails.jsonl') })),
    started.add(startQueues(options)),
    started.add(startConnections(config, { crmUrls: {}, tokens: {}, ...options })),
  ] as const;
  // If one fails the others must have started before they can be stopped.
  await Promise.allSettled(startings);
  const [dynamodb, inbox, queue, { connections, siteKey }] = await Promise.all(startings);
  const siteSecret = JSON.stringify({ accessKeys: [siteKey], apiToken: '' });
  const secretValues = Object.entries(connections).map(([name, { accessKeys, credentials: known }]) => [
    secretId(name),
    JSON.stringify({ accessKeys, ...known }),
  ]);
  const secrets = await started.add(
    startSecrets(Object.fromEntries([...secretValues, [siteSecretId, siteSecret]]), {
      file: secretsFile(dataDir),
    }),
  );
  const endpoints = {
    dynamodb: dynamodb.endpoint,
    sqs: queue.endpoint,
    ses: inbox.endpoint,
    secretsmanager: secrets.endpoint,
  };
  return { endpoints, inbox, queue, connections, siteKey, secrets };
}

export type Emulators = Awaited<ReturnType<typeof startEmulators>>;

/** What must not be seen, wherever it stands. */
export function secretsOf({ connections, siteKey }: Emulators): () => string[] {
  return () => [
    siteKey,
    ...Object.values(connections).flatMap((one) => [...one.accessKeys, ...Object.values(one.credentials)]),
  ];
}
