import { cli } from './cli-stack.ts';
import { type RecordingProxy, startRecordingProxy } from './recording-proxy.ts';
import { type FollowingUsher, followUsher } from './usher-process.ts';

/** What stands between a console and the services of the stage; by service, `stage` for those of the account. */
export const proxies: Record<string, RecordingProxy> = {};
const running: FollowingUsher[] = [];

/** The AWS calls of all consoles so far. */
export const asked = (): string[] => Object.values(proxies).flatMap(({ actions }) => actions);

/** Puts a proxy before each service of the stage of the test file that runs. */
export async function startProxies(): Promise<void> {
  proxies['stage'] = await startRecordingProxy(cli.stage.endpoint);
  for (const [name, endpoint] of Object.entries(cli.test.stack.endpoints))
    if (name !== 'ses') proxies[name] = await startRecordingProxy(endpoint);
  // Queues are asked where their URLs say.
  for (const name of ['QueueUrl', 'DeadLetterQueueUrl']) {
    const { pathname } = new URL(String(cli.stage.account.outputs[name]));
    cli.stage.account.outputs[name] = new URL(pathname, proxies['sqs']?.endpoint).href;
  }
}

/** Starts `usher console`. @returns its address */
export async function startConsole(args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const process_ = followUsher(['console', '--json', ...args], cli.folder, env);
  running.push(process_);
  return (JSON.parse(await process_.line('console')) as { console: string }).console;
}

/** Starts `usher console --stage test`, which sees the services through their proxies. */
export function startStageConsole(...args: string[]): Promise<string> {
  const env = {
    ...cli.stage.env,
    AWS_ENDPOINT_URL_CLOUDFORMATION: proxies['stage']?.endpoint,
    AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: proxies['stage']?.endpoint,
    AWS_ENDPOINT_URL_STS: proxies['stage']?.endpoint,
    AWS_ENDPOINT_URL_SES: proxies['stage']?.endpoint,
    AWS_ENDPOINT_URL_LAMBDA: proxies['stage']?.endpoint,
    AWS_ENDPOINT_URL_DYNAMODB: proxies['dynamodb']?.endpoint,
    AWS_ENDPOINT_URL_SQS: proxies['sqs']?.endpoint,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: proxies['secretsmanager']?.endpoint,
  };
  return startConsole(['--stage', 'test', ...args], env);
}

/** Ends consoles and proxies. */
export async function stopConsoles(): Promise<void> {
  for (const { kill } of running) kill('SIGTERM');
  await Promise.all(running.map(({ ended }) => ended));
  for (const proxy of Object.values(proxies)) await proxy.stop();
}
