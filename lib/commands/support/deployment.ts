import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { Config } from '../../../functions/config/config.ts';
import {
  type AwsClients,
  type AwsService,
  createAwsClients,
} from '../../../functions/runtime/aws-clients.ts';
import { readCrmUrls } from '../../../functions/runtime/environment.ts';
import type { UserTable } from '../../../functions/users/user-table.ts';
import config from '../../../usher.config.ts';
import { withConnections } from '../../dev/further-connections.ts';
import { localClient } from '../../dev/local-client.ts';
import { readStackFile, type StackDescription } from '../../dev/stack-file.ts';
import { siteHost, stackName } from '../../stack/stack-name.ts';
import { awsFailure } from './aws-failure.ts';
import { defaultPort } from './port-option.ts';
import { CommandError } from './terminal.ts';

/** Which Usher a command talks to: a deployed stage, or the local stack on a port. */
export interface DeploymentOptions {
  stage?: string;
  port: number;
}

/** An Usher that runs somewhere, with the clients to look into it. */
export interface Deployment extends AwsClients {
  /** As people call it: `stage prod`, `the local stack`. */
  title: string;
  stage: string | undefined;
  /** Another command, ready to paste, that talks to the same Usher. */
  command: (words: string) => string;
  config: Config;
  /** Ends in a slash. */
  webhook: string;
  queueUrl: string;
  deadLetterUrl: string;
  /** Connection → id of its secret. */
  secretIds: Readonly<Record<string, string>>;
  /** Id of the secret with the keys of the site's servers; a stack of earlier releases has none. */
  siteSecretId: string | undefined;
  /** Base URLs in place of the connectors' own: the local stack's, or a stage's from USHER_CRM_URLS. */
  crmUrls: Readonly<Record<string, string>>;
  users: UserTable;
  /** The stack's page of charts; the local stack has none. */
  dashboardUrl: string | undefined;
  /** What only the local stack has: an inbox, and sandboxes by connection. */
  local: { inbox: string; sandboxes: Readonly<Record<string, string>> } | undefined;
  /** Where the function logs: a CloudWatch log group, or a file of the local stack. */
  logs: { client: CloudWatchLogsClient; group: string } | { file: string };
}

function deployment(
  aws: AwsClients,
  table: string,
  rest: Omit<Deployment, keyof AwsClients | 'users' | 'config'> & { config?: Config },
): Deployment {
  return { config, ...aws, ...rest, users: { documents: aws.documents, name: table, now: () => new Date() } };
}

/** The configuration that the local stack runs with: it may have more connections than `usher.config.ts`. */
function configOf({ connections }: StackDescription): Config {
  const further = Object.entries(connections).filter(([name]) => !Object.hasOwn(config.connections, name));
  return withConnections(config, Object.fromEntries(further.map(([name, { crm }]) => [name, crm])));
}

function openLocal(description: StackDescription, port: number): Deployment {
  const { endpoints, table, webhook, queue, dead_letters, secrets, site_secret, log, inbox, connections } =
    description;
  const aws = createAwsClients((service: AwsService) => ({
    ...localClient(endpoints[service]),
    maxAttempts: 2,
  }));
  return deployment(aws, table, {
    title: 'the local stack',
    stage: undefined,
    config: configOf(description),
    command: (words) => `npx usher ${words}${port === defaultPort ? '' : ` --port ${port}`}`,
    webhook,
    queueUrl: queue,
    deadLetterUrl: dead_letters,
    secretIds: secrets,
    siteSecretId: site_secret,
    crmUrls: Object.fromEntries(Object.entries(connections).map(([name, { crm_url }]) => [name, crm_url])),
    dashboardUrl: undefined,
    local: {
      inbox,
      sandboxes: Object.fromEntries(
        Object.entries(connections).flatMap(([name, { sandbox }]) => (sandbox ? [[name, sandbox]] : [])),
      ),
    },
    logs: { file: log },
  });
}

const stackOf = (stage: string) => stackName({ stage, app: config.app });

/** Commands would read and change another site's users. A stack of the first versions does not say whose it is. */
function expectOwn(stage: string, site: string | undefined): void {
  const own = siteHost(config);
  if (site === undefined || site === own) return;
  throw new CommandError(
    `The stack ${stackOf(stage)} belongs to the site ${site}, and usher.config.ts to ${own}. Set app there, so that yours has a name of its own; if the site has moved, deploy with --parameters Site=${own}.`,
  );
}

/** CloudFormation says of a missing stack that the request is not valid. */
function cannotOpen(stage: string, error: unknown): unknown {
  if (error instanceof Error && error.name === 'ValidationError') {
    return new CommandError(
      `There is no stack ${stackOf(stage)} in this region. Deploy it with "npx cdk deploy -c stage=${stage}", or set AWS_REGION.`,
      { cause: error },
    );
  }
  return awsFailure(error, `stage ${stage}`);
}

async function stackOutputs(stage: string): Promise<Record<string, string>> {
  const client = new CloudFormationClient({});
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: stackOf(stage) }));
    const outputs = Stacks[0]?.Outputs ?? [];
    return Object.fromEntries(
      outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
    );
  } catch (error) {
    throw cannotOpen(stage, error);
  } finally {
    client.destroy();
  }
}

/** For a stage whose function has USHER_CRM_URLS too. */
function givenCrmUrls(): Deployment['crmUrls'] {
  try {
    return readCrmUrls(process.env['USHER_CRM_URLS']);
  } catch (error) {
    throw new CommandError(Error.isError(error) ? error.message : String(error), { cause: error });
  }
}

async function openStage(stage: string): Promise<Deployment> {
  const outputs = await stackOutputs(stage);
  expectOwn(stage, outputs['SiteHost']);
  const output = (name: string): string => {
    const value = outputs[name];
    if (value === undefined) {
      throw new CommandError(`The stack ${stackOf(stage)} has no output ${name}. Deploy it again.`);
    }
    return value;
  };
  return deployment(createAwsClients(), output('TableName'), {
    title: `stage ${stage}`,
    stage,
    command: (words) => `npx usher ${words} --stage ${stage}`,
    webhook: output('WebhookUrl'),
    queueUrl: output('QueueUrl'),
    deadLetterUrl: output('DeadLetterQueueUrl'),
    secretIds: JSON.parse(output('Secrets')) as Record<string, string>,
    siteSecretId: outputs['SiteSecret'],
    crmUrls: givenCrmUrls(),
    dashboardUrl: outputs['DashboardUrl'],
    local: undefined,
    logs: { client: new CloudWatchLogsClient({}), group: output('LogGroupName') },
  });
}

/**
 * Finds a deployed stage by its stack's outputs, with the operator's own AWS credentials, or the local stack.
 *
 * @throws CommandError or LocalStackError, saying what to do
 */
export async function openDeployment({ stage, port }: DeploymentOptions): Promise<Deployment> {
  return stage === undefined ? openLocal(await readStackFile(process.cwd(), port), port) : openStage(stage);
}

/** Lets go of connections, so that the command can end. */
export function closeDeployment({ documents, sqs, ses, secrets, logs }: Deployment): void {
  for (const client of [documents, sqs, ses, secrets]) client.destroy();
  if ('client' in logs) logs.client.destroy();
}
