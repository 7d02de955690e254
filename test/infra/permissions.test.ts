import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { bundleFunction } from '../../lib/bundle/bundle.ts';
import { resolve } from './resolve.ts';
import { everyOption, type Resource, synthesise } from './synthesise.ts';

interface Statement {
  Sid?: string;
  Effect: string;
  Action: string | string[];
  Resource?: unknown;
  Principal?: unknown;
  Condition?: unknown;
}

const plain = synthesise();
const full = synthesise({ settings: everyOption });

/** Statements of every policy in the template: of roles, queues and topics. */
function statementsOf({ Properties }: Resource): Statement[] {
  const documents = [Properties['PolicyDocument'], Properties['AssumeRolePolicyDocument']];
  return documents.flatMap(
    (document) => (document as { Statement: Statement[] } | undefined)?.Statement ?? [],
  );
}

const allowed = ({ all }: typeof plain) =>
  all.flatMap(statementsOf).filter(({ Effect }) => Effect === 'Allow');

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

/** The only actions for which AWS takes no resource but `*`, with the reason. */
const withoutResource: Record<string, string> = {
  'xray:PutTraceSegments': 'X-Ray has no resource that a trace is put into.',
  'xray:PutTelemetryRecords': 'X-Ray has no resource that telemetry is put into.',
};

describe.each([
  ['as it is by default', plain],
  ['with every option', full],
])('a stage %s', (_name, stage) => {
  it('allows no action by wildcard', () => {
    const actions = allowed(stage).flatMap(({ Action }) => list(Action));
    expect(actions.length).toBeGreaterThan(10);
    expect(actions.filter((action) => String(action).includes('*'))).toEqual([]);
  });

  it('allows everything on named resources, but for what has none', () => {
    const anywhere = allowed(stage).filter(({ Resource: resources }) => list(resources).includes('*'));
    const actions = anywhere.flatMap(({ Action }) => list(Action)).map(String);
    expect(actions.filter((action) => withoutResource[action] === undefined)).toEqual([]);
  });

  it('has no managed policies and one role', () => {
    expect(stage.single('AWS::IAM::Role').Properties).not.toHaveProperty('ManagedPolicyArns');
    expect(stage.ofType('AWS::IAM::Policy')).toHaveLength(1);
  });

  it('lets in nobody but AWS services that act for this account', () => {
    const principals = stage.all
      .flatMap(statementsOf)
      .filter(({ Effect, Principal }) => Effect === 'Allow' && Principal !== undefined)
      .map(({ Principal, Action, Condition }) => [Principal, Action, Condition !== undefined]);
    expect(principals).toEqual(
      expect.arrayContaining([
        [{ Service: 'lambda.amazonaws.com' }, 'sts:AssumeRole', false],
        [{ Service: 'ses.amazonaws.com' }, 'sns:Publish', true],
        [{ Service: 'cloudwatch.amazonaws.com' }, 'sns:Publish', true],
      ]),
    );
    expect(principals).toHaveLength(3);
  });

  it('lets only its own API and its own topic of mail events call the function', () => {
    const permissions = stage.ofType('AWS::Lambda::Permission');
    const callers = permissions.map(({ Properties }) => [
      Properties['Principal'],
      resolve(Properties['SourceArn']),
    ]);
    expect(callers).toHaveLength(2);
    expect(callers).toEqual(
      expect.arrayContaining([
        [
          'apigateway.amazonaws.com',
          expect.stringMatching(/^arn:aws:execute-api:eu-west-1:000000000000:ref-Api\w+\/\*\/\*$/),
        ],
        ['sns.amazonaws.com', resolve(stage.json.Outputs['MailEventsTopicArn']?.Value)],
      ]),
    );
  });
});

describe('the function', () => {
  const statement = (sid: string) => {
    const found = allowed(plain).find(({ Sid }) => Sid === sid);
    return {
      actions: list(found?.Action),
      resources: list(resolve(found?.Resource)),
      condition: found?.Condition,
    };
  };

  it('reads and writes items of the table by their keys, and never scans it', () => {
    const { actions, resources } = statement('Users');
    expect(actions).toEqual([
      'dynamodb:BatchGetItem',
      'dynamodb:ConditionCheckItem',
      'dynamodb:DeleteItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
    ]);
    expect(resources).toEqual([expect.stringMatching(/^arn:UsersTable\w+\.Arn$/)]);
  });

  it('sends and works on jobs, and sees no dead letters', () => {
    const { actions, resources } = statement('Jobs');
    expect(actions).toEqual([
      'sqs:ChangeMessageVisibility',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      'sqs:ReceiveMessage',
      'sqs:SendMessage',
    ]);
    expect(resources).toEqual([expect.stringMatching(/^arn:QueueJobs\w+\.Arn$/)]);
  });

  it('reads the secrets of its connections and of the site', () => {
    const { actions, resources } = statement('Secrets');
    expect(actions).toEqual(['secretsmanager:GetSecretValue']);
    expect(resources).toEqual([
      expect.stringMatching(/^ref-Connectionsencharge\w+$/),
      expect.stringMatching(/^ref-SiteKeySecret/),
    ]);
  });

  it('sends mail from the configured sender only', () => {
    const { actions, resources, condition } = statement('SendMail');
    expect(actions).toEqual(['ses:SendEmail']);
    expect(resources).toEqual([
      expect.stringMatching(
        /^arn:aws:ses:eu-west-1:000000000000:configuration-set\/ref-MailConfigurationSet\w+$/,
      ),
      'arn:aws:ses:eu-west-1:000000000000:identity/example.com',
      'arn:aws:ses:eu-west-1:000000000000:identity/hello@example.com',
    ]);
    expect(condition).toEqual({ StringEqualsIgnoreCase: { 'ses:FromAddress': 'hello@example.com' } });
  });

  it('writes to its own log', () => {
    const { actions, resources } = statement('Log');
    expect(actions).toEqual(['logs:CreateLogStream', 'logs:PutLogEvents']);
    expect(resources).toEqual([expect.stringMatching(/^arn:WebhookLogs\w+\.Arn$/)]);
  });

  it('may do nothing else, but for tracing when it is on', () => {
    const sids = (stage: typeof plain) => {
      const [role] = stage.ofType('AWS::IAM::Policy');
      return role ? statementsOf(role).map(({ Sid, Action }) => Sid ?? list(Action).join(' ')) : [];
    };
    expect(sids(plain)).toEqual(['Users', 'Jobs', 'DeadLetters', 'Secrets', 'SendMail', 'Log']);
    expect(sids(full)).toEqual([...sids(plain), 'xray:PutTelemetryRecords xray:PutTraceSegments']);
  });
});

/** What each SDK command, and each part of a transaction, has to be allowed. */
const actionOf: Record<string, string> = {
  GetCommand: 'dynamodb:GetItem',
  PutCommand: 'dynamodb:PutItem',
  DeleteCommand: 'dynamodb:DeleteItem',
  QueryCommand: 'dynamodb:Query',
  BatchGetCommand: 'dynamodb:BatchGetItem',
  UpdateCommand: 'dynamodb:UpdateItem',
  Put: 'dynamodb:PutItem',
  Update: 'dynamodb:UpdateItem',
  Delete: 'dynamodb:DeleteItem',
  ConditionCheck: 'dynamodb:ConditionCheckItem',
  SendMessageCommand: 'sqs:SendMessage',
  SendMessageBatchCommand: 'sqs:SendMessage',
  ChangeMessageVisibilityCommand: 'sqs:ChangeMessageVisibility',
  GetSecretValueCommand: 'secretsmanager:GetSecretValue',
  SendEmailCommand: 'ses:SendEmail',
};

/** For connections whose CRM's tokens end; the example has none, and its function may not do it. */
const onlyToSignIn = ['PutSecretValueCommand', 'UpdateSecretVersionStageCommand'];

/** What Lambda does in the function's name: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html */
const doneByLambda = [
  'sqs:ReceiveMessage',
  'sqs:DeleteMessage',
  'sqs:GetQueueAttributes',
  'logs:CreateLogStream',
  'logs:PutLogEvents',
];

/** The source files of ours whose code is in the bundle. */
async function bundledSources(): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'usher-bundle-'));
  try {
    const { outputs } = await bundleFunction(folder);
    const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs));
    const ours = inputs.filter(
      ([file, { bytesInOutput }]) => file.startsWith('functions/') && bytesInOutput > 0,
    );
    return await Promise.all(ours.map(([file]) => readFile(file, 'utf8')));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

it('the function is allowed exactly what its code asks of AWS', async () => {
  const sources = await bundledSources();
  expect(sources.length).toBeGreaterThan(30);
  const asked = sources.flatMap((source) => [
    ...[...source.matchAll(/new (\w+Command)\b/g)].map(([, command = '']) => command),
    ...(source.includes('TransactWriteCommand')
      ? [...source.matchAll(/\b(Put|Update|Delete|ConditionCheck): /g)].map(([, part = '']) => part)
      : []),
  ]);
  const actions = [...new Set(asked)]
    .filter((name) => name !== 'TransactWriteCommand' && !onlyToSignIn.includes(name))
    .map((name) => actionOf[name] ?? name);

  const policy = synthesise().single('AWS::IAM::Policy').Properties['PolicyDocument'] as {
    Statement: { Action: string | string[] }[];
  };
  const allowed = policy.Statement.flatMap(({ Action }) => Action);
  // Messages are sent to two queues.
  expect([...new Set(allowed)].sort()).toEqual([...new Set([...actions, ...doneByLambda])].sort());
});
