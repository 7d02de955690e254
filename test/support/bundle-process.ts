import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runtimeEnvironment } from '../../lib/bundle/runtime-environment.ts';
import type { LocalStack } from '../../lib/dev/local-stack.ts';
import { startRemote } from './remote-process.ts';

/** The built function in a process of its own. */
export interface BundleProcess {
  /** Hands an event to the function and resolves to what Lambda would pass on. */
  invoke(event: object): Promise<unknown>;
  /** Its resident memory, in bytes: right now, and the most it ever was. */
  memory(): Promise<{ now: number; peak: number }>;
  stop(): Promise<void>;
}

/** What the `.mjs` answers to. */
type BundleApi = {
  invoke(argument: { event: object; timeoutMs: number }): unknown;
  memory(argument: null): { now: number; peak: number };
};

/** As the stack sets it, in milliseconds. */
const functionTimeoutMs = 30_000;

/** The environment that makes the function use a local stack: what the stack sets, and where the services are. */
export function bundleEnvironment(stack: LocalStack): Record<string, string> {
  const crmUrls = Object.entries(stack.connections).map(([name, { crmUrl }]) => [name, crmUrl]);
  return {
    ...runtimeEnvironment,
    USHER_TABLE: stack.table,
    USHER_QUEUE_URL: stack.queueUrl,
    USHER_DEAD_LETTER_URL: stack.deadLetterUrl,
    USHER_SECRETS: JSON.stringify(stack.secretIds),
    USHER_PUBLIC_URL: stack.webhook,
    USHER_SITE_SECRET: stack.site.secretId,
    USHER_CRM_URLS: JSON.stringify(Object.fromEntries(crmUrls)),
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_DYNAMODB: stack.endpoints.dynamodb,
    AWS_ENDPOINT_URL_SQS: stack.endpoints.sqs,
    AWS_ENDPOINT_URL_SES: stack.endpoints.ses,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: stack.endpoints.secretsmanager,
  };
}

/**
 * Runs a built function. Events come from whoever holds it: `startHttpFront(bundle.invoke, …)` gives it a door,
 * `startJobPoller(bundle.invoke, …)` its jobs.
 *
 * @param bundle path of `index.mjs`
 * @param environment the whole of it: nothing is inherited
 * @param onLine gets each line it logs
 */
export async function startBundleProcess(
  bundle: string,
  environment: Record<string, string>,
  onLine?: (line: string) => void,
): Promise<BundleProcess> {
  const remote = await startRemote<BundleApi>(join(import.meta.dirname, 'bundle-child.mjs'), {
    args: [pathToFileURL(bundle).href],
    env: environment,
    ...(onLine ? { onLine } : {}),
  });
  return {
    invoke: (event) => remote.call('invoke', { event, timeoutMs: functionTimeoutMs }),
    memory: () => remote.call('memory', null),
    stop: () => remote.stop(),
  };
}
