import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { closeServer, listenOnLoopback, loopbackHost } from '../../lib/dev/loopback-server.ts';
import type { StackDescription } from '../../lib/dev/stack-file.ts';
import { filterLogEvents, type LogEvent, smallPage } from './fake-logs.ts';

/** What the account behind a fake stage says of itself; a test may change it at any time. */
export interface FakeAccount {
  /** Name of the one CloudFormation stack there is, and its outputs. */
  stack: string;
  outputs: Record<string, string>;
  /** SES: identity → what its two attribute calls answer. An identity that is not here was never created. */
  identities: Record<string, { verification: string; dkim: string }>;
  quota: { max24Hours: number; perSecond: number; sentLast24Hours: number };
  sendingEnabled: boolean;
  /** What Lambda may run at once that is not reserved. */
  unreservedConcurrency: number;
  /** What is in the log group, oldest first. */
  logEvents: LogEvent[];
  /** How many of them a page has. */
  logPageSize: number;
}

/** A deployed stage as the CLI sees it: CloudFormation, STS and SES on loopback, the rest a local stack's. */
export interface FakeStage {
  readonly endpoint: string;
  /** For a CLI process with `--stage test`. */
  readonly env: NodeJS.ProcessEnv;
  readonly account: FakeAccount;
  /** Refuses every call of an action (`DescribeStacks`) with this error code from now on. */
  refuse(action: string, code: string): void;
  allowAll(): void;
  stop(): Promise<void>;
}

/** Variables that would lead a process under test to somebody's real account. */
const credentialVariables = /^(AWS_|AMAZON_)|^(HTTPS?_PROXY|https?_proxy)$/;

/** The environment of somebody without AWS credentials: neither variables, nor files, nor an instance's role. */
export function withoutCredentials(region = 'eu-west-1'): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !credentialVariables.test(name));
  return {
    ...Object.fromEntries(kept),
    AWS_REGION: region,
    AWS_CONFIG_FILE: '/nonexistent/config',
    AWS_SHARED_CREDENTIALS_FILE: '/nonexistent/credentials',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}

/** Starts the fake account of a stage called `test` whose resources are those of a running local stack. */
export async function startFakeStage(local: StackDescription): Promise<FakeStage> {
  const account: FakeAccount = {
    stack: 'Usher-test',
    outputs: {
      TableName: local.table,
      WebhookUrl: local.webhook,
      QueueUrl: local.queue,
      DeadLetterQueueUrl: local.dead_letters,
      Secrets: JSON.stringify(local.secrets),
      SiteSecret: local.site_secret,
      LogGroupName: '/aws/lambda/usher-test',
    },
    identities: { 'example.com': { verification: 'Success', dkim: 'Success' } },
    quota: { max24Hours: 50_000, perSecond: 14, sentLast24Hours: 10 },
    sendingEnabled: true,
    unreservedConcurrency: 1000,
    logEvents: [],
    logPageSize: smallPage,
  };
  const refusals = new Map<string, string>();
  const server = createServer((request, response) => {
    answer(request, response, account, refusals).catch((error: Error) => request.socket.destroy(error));
  });
  const endpoint = `http://${loopbackHost}:${await listenOnLoopback(server, 0, 'the fake stage')}`;
  const crmUrls = Object.entries(local.connections).map(([name, { crm_url }]) => [name, crm_url]);
  return {
    endpoint,
    env: {
      ...withoutCredentials(),
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_MAX_ATTEMPTS: '1',
      AWS_ENDPOINT_URL_CLOUDFORMATION: endpoint,
      AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: endpoint,
      AWS_ENDPOINT_URL_LAMBDA: endpoint,
      AWS_ENDPOINT_URL_STS: endpoint,
      AWS_ENDPOINT_URL_SES: endpoint,
      AWS_ENDPOINT_URL_DYNAMODB: local.endpoints.dynamodb,
      AWS_ENDPOINT_URL_SQS: local.endpoints.sqs,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: local.endpoints.secretsmanager,
      USHER_CRM_URLS: JSON.stringify(Object.fromEntries(crmUrls)),
    },
    account,
    refuse: (action, code) => void refusals.set(action, code),
    allowAll: () => refusals.clear(),
    stop: () => closeServer(server),
  };
}

/** Services of the JSON protocols name the action in a header, those of the query protocol in the form. */
async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  account: FakeAccount,
  refusals: ReadonlyMap<string, string>,
): Promise<void> {
  const body = await text(request);
  const target = request.headers['x-amz-target'];
  const form = new URLSearchParams(body);
  const isAccountSettings = request.url?.startsWith('/2016-08-19/account-settings') ?? false;
  const named = isAccountSettings ? 'GetAccountSettings' : (target ?? form.get('Action'));
  const action = String(named).replace(/^.*\./, '');
  const refusal = refusals.get(action);
  const refused = `User: arn:aws:iam::000000000000:user/test is not authorized to perform: ${action}`;
  if (target !== undefined || isAccountSettings) {
    const found =
      refusal === undefined ? jsonActions[action]?.(JSON.parse(body || '{}') as never, account) : undefined;
    const error = { __type: refusal ?? 'UnknownOperationException', message: refused };
    response.writeHead(found ? 200 : 400, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify(found ?? error));
    return;
  }
  const result = refusal === undefined ? queryActions[action]?.(form, account) : undefined;
  const xml =
    typeof result === 'string'
      ? `<${action}Response><${action}Result>${result}</${action}Result></${action}Response>`
      : errorXml(result ?? { code: refusal ?? 'InvalidAction', message: refused });
  response.writeHead(typeof result === 'string' ? 200 : 400, { 'content-type': 'text/xml' }).end(xml);
}

interface AwsError {
  code: string;
  message: string;
}

const errorXml = ({ code, message }: AwsError) =>
  `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`;

const escaped = (value: string) => value.replace(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`);

const element = (name: string, content: string) => `<${name}>${content}</${name}>`;

/** Action → its answer. */
const jsonActions: Record<string, (body: never, account: FakeAccount) => object> = {
  // https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
  FilterLogEvents: (body, { logEvents, logPageSize }) => filterLogEvents(body, logEvents, logPageSize),
  // https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogStream.html
  CreateLogStream: () => ({}),
  // https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
  PutLogEvents: ({ logEvents }: { logEvents: Omit<LogEvent, 'eventId'>[] }, account) => {
    for (const event of logEvents) account.logEvents.push({ ...event, eventId: randomUUID() });
    return {};
  },
  // https://docs.aws.amazon.com/lambda/latest/api/API_GetAccountSettings.html
  GetAccountSettings: (_body, { unreservedConcurrency }) => ({
    AccountLimit: { ConcurrentExecutions: 1000, UnreservedConcurrentExecutions: unreservedConcurrency },
  }),
};

/** Action → content of its result, or its error. */
const queryActions: Record<string, (form: URLSearchParams, account: FakeAccount) => string | AwsError> = {
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html
  DescribeStacks: (form, { stack, outputs }) => {
    const name = form.get('StackName');
    if (name !== stack) {
      return { code: 'ValidationError', message: `Stack with id ${name} does not exist` };
    }
    const members = Object.entries(outputs).map(([key, value]) =>
      element('member', element('OutputKey', key) + element('OutputValue', escaped(value))),
    );
    const description = [
      element('StackName', stack),
      element('StackStatus', 'UPDATE_COMPLETE'),
      element('CreationTime', '2026-01-01T00:00:00Z'),
      element('Outputs', members.join('')),
    ];
    return element('Stacks', element('member', description.join('')));
  },
  // https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
  GetCallerIdentity: () =>
    element('Arn', 'arn:aws:iam::000000000000:user/test') +
    element('UserId', 'AIDATEST') +
    element('Account', '000000000000'),
  // https://docs.aws.amazon.com/ses/latest/APIReference/API_GetIdentityVerificationAttributes.html
  GetIdentityVerificationAttributes: (form, account) =>
    element(
      'VerificationAttributes',
      identities(form, account, ({ verification }) => element('VerificationStatus', verification)),
    ),
  GetIdentityDkimAttributes: (form, account) =>
    element(
      'DkimAttributes',
      identities(
        form,
        account,
        ({ dkim }) =>
          element('DkimEnabled', String(dkim === 'Success')) + element('DkimVerificationStatus', dkim),
      ),
    ),
  GetSendQuota: (_form, { quota }) =>
    element('Max24HourSend', String(quota.max24Hours)) +
    element('MaxSendRate', String(quota.perSecond)) +
    element('SentLast24Hours', String(quota.sentLast24Hours)),
  GetAccountSendingEnabled: (_form, { sendingEnabled }) => element('Enabled', String(sendingEnabled)),
};

function identities(
  form: URLSearchParams,
  account: FakeAccount,
  attributes: (identity: FakeAccount['identities'][string]) => string,
): string {
  const asked = [...form].filter(([name]) => name.startsWith('Identities.member.')).map(([, name]) => name);
  return asked
    .flatMap((name) => {
      const identity = account.identities[name];
      return identity
        ? [element('entry', element('key', escaped(name)) + element('value', attributes(identity)))]
        : [];
    })
    .join('');
}
