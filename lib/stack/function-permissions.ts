import { Stack } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Mail } from './mail.ts';

/** What the function works with. */
export interface Surroundings {
  table: Table;
  queue: Queue;
  deadLetters: Queue;
  secrets: Readonly<Record<string, Secret>>;
  siteKey: Secret;
  /** Connections whose CRM's tokens end: new ones are stored in their secrets. */
  signIns: readonly string[];
  mail: Mail;
}

/** The domains that can be the identity of an address: its own and those above it. */
function domainsOf(address: string): string[] {
  const labels = address.slice(address.lastIndexOf('@') + 1).split('.');
  return labels.slice(0, -1).map((_, index) => labels.slice(index).join('.'));
}

/**
 * SES asks for permission to the identity it sends from: of those there are in the account the one nearest to the sender, its
 * address or one of its domains; and to the configuration set.
 *
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonses.html
 */
function sendMail({ identity, sender, configurationSet }: Mail): PolicyStatement {
  const arn = (resource: string, resourceName: string) =>
    Stack.of(configurationSet).formatArn({ service: 'ses', resource, resourceName });
  return new PolicyStatement({
    sid: 'SendMail',
    actions: ['ses:SendEmail'],
    resources: [
      ...[...new Set([identity, sender, ...domainsOf(sender)])].map((name) => arn('identity', name)),
      arn('configuration-set', configurationSet.configurationSetName),
    ],
    conditions: { StringEqualsIgnoreCase: { 'ses:FromAddress': sender } },
  });
}

function storeTokens(secrets: readonly (readonly [connection: string, secret: Secret])[]): PolicyStatement[] {
  if (secrets.length === 0) return [];
  return [
    new PolicyStatement({
      sid: 'Tokens',
      actions: ['secretsmanager:PutSecretValue', 'secretsmanager:UpdateSecretVersionStage'],
      resources: secrets.map(([, { secretArn }]) => secretArn),
    }),
  ];
}

/**
 * All that the function may do, and nothing it does not do. A transaction needs the permission of each of its parts.
 *
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
 */
export function functionPermissions(
  { table, queue, deadLetters, secrets, siteKey, signIns, mail }: Surroundings,
  logGroup: LogGroup,
): PolicyStatement[] {
  return [
    new PolicyStatement({
      sid: 'Users',
      actions: [
        'dynamodb:BatchGetItem',
        'dynamodb:ConditionCheckItem',
        'dynamodb:DeleteItem',
        'dynamodb:GetItem',
        'dynamodb:PutItem',
        'dynamodb:Query',
        'dynamodb:UpdateItem',
      ],
      resources: [table.tableArn],
    }),
    new PolicyStatement({
      sid: 'Jobs',
      actions: [
        'sqs:ChangeMessageVisibility',
        'sqs:DeleteMessage',
        'sqs:GetQueueAttributes',
        'sqs:ReceiveMessage',
        'sqs:SendMessage',
      ],
      resources: [queue.queueArn],
    }),
    new PolicyStatement({
      sid: 'DeadLetters',
      actions: ['sqs:SendMessage'],
      resources: [deadLetters.queueArn],
    }),
    new PolicyStatement({
      sid: 'Secrets',
      actions: ['secretsmanager:GetSecretValue'],
      resources: [...Object.values(secrets), siteKey].map(({ secretArn }) => secretArn),
    }),
    ...storeTokens(Object.entries(secrets).filter(([connection]) => signIns.includes(connection))),
    sendMail(mail),
    new PolicyStatement({
      sid: 'Log',
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logGroup.logGroupArn],
    }),
  ];
}
