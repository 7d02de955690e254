import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { bundleFunction } from '../../lib/bundle/bundle.ts';
import { synthesise } from './synthesise.ts';

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
