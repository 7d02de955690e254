import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  ApplicationLogLevel,
  Architecture,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Subscription, SubscriptionProtocol, type Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { StageSettings } from '../../functions/config/stages.ts';
import { queueSettings } from '../../functions/jobs/queue-settings.ts';
import { runtimeEnvironment } from '../bundle/runtime-environment.ts';
import { acknowledge } from './acknowledge.ts';
import { functionPermissions, type Surroundings } from './function-permissions.ts';

export interface WebhookFunctionProps extends Surroundings {
  /** Folder with the bundle, `index.mjs`. */
  codeFolder: string;
  settings: StageSettings;
  metricsNamespace: string;
}

/**
 * More memory brings more CPU: at 1,769 MB a whole one. 1,024 MB leave a cold start and the hashing of a password
 * most of it; docs/deploy.md has the numbers.
 */
export const memoryMegabytes = 1024;

/** As long as API Gateway waits at most. */
const timeout = Duration.seconds(30);

/** The one Lambda function: webhooks come from API Gateway, jobs from the queue, what became of mails from SES's topic. */
export class WebhookFunction extends Construct {
  readonly lambda: LambdaFunction;
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: WebhookFunctionProps) {
    super(scope, id);
    const { settings, table, queue, deadLetters, secrets, siteKey, mail } = props;
    this.logGroup = new LogGroup(this, 'Logs', {
      retention: settings.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    for (const statement of functionPermissions(props, this.logGroup)) role.addToPolicy(statement);

    const secretArns = Object.entries(secrets).map(([connection, { secretArn }]) => [connection, secretArn]);
    this.lambda = new LambdaFunction(this, 'Function', {
      description: 'Usher: turns webhooks of a CRM into users with tags',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: Code.fromAsset(props.codeFolder),
      handler: 'index.handler',
      memorySize: memoryMegabytes,
      timeout,
      role,
      logGroup: this.logGroup,
      loggingFormat: LoggingFormat.JSON,
      applicationLogLevelV2: ApplicationLogLevel.INFO,
      systemLogLevelV2: SystemLogLevel.INFO,
      tracing: settings.tracing ? Tracing.ACTIVE : Tracing.DISABLED,
      ...(settings.reservedConcurrency === undefined
        ? {}
        : { reservedConcurrentExecutions: settings.reservedConcurrency }),
      environment: {
        ...runtimeEnvironment,
        USHER_TABLE: table.tableName,
        USHER_QUEUE_URL: queue.queueUrl,
        USHER_DEAD_LETTER_URL: deadLetters.queueUrl,
        USHER_SECRETS: Stack.of(this).toJsonString(Object.fromEntries(secretArns)),
        USHER_SITE_SECRET: siteKey.secretArn,
        USHER_METRICS_NAMESPACE: props.metricsNamespace,
        USHER_CONFIGURATION_SET: mail.configurationSet.configurationSetName,
      },
    });
    this.lambda.addEventSourceMapping('Jobs', {
      eventSourceArn: queue.queueArn,
      batchSize: queueSettings.batchSize,
      maxConcurrency: settings.maximumConcurrency,
      reportBatchItemFailures: true,
    });
    this.#listenTo(mail.events.topic);
    this.#acknowledge(settings);
  }

  /** Not by `LambdaSubscription`, which names the permission after the stage: every stage is the same stack. */
  #listenTo(topic: Topic): void {
    const { topicArn } = topic;
    this.lambda.addPermission('MailEvents', {
      principal: new ServicePrincipal('sns.amazonaws.com'),
      sourceArn: topicArn,
    });
    new Subscription(this, 'MailEvents', {
      topic,
      protocol: SubscriptionProtocol.LAMBDA,
      endpoint: this.lambda.functionArn,
    });
  }

  #acknowledge({ tracing }: StageSettings): void {
    acknowledge(this, {
      'Serverless-LambdaDLQ':
        'Only what SES tells of mails comes asynchronously: it is tried three times, and SES has the address on its suppression list whatever becomes of it. The queue of jobs has a dead-letter queue.',
      'Serverless-SNSRedrivePolicy':
        'SNS tries for weeks to reach a function; the address is on the suppression list of SES whatever becomes of its event.',
      'Serverless-LambdaEventSourceMappingDestination':
        'SQS keeps failed jobs and moves them to its dead-letter queue; the mapping needs no second one.',
      ...(tracing
        ? {
            'AwsSolutions-IAM5[Resource::*]':
              'xray:PutTraceSegments and xray:PutTelemetryRecords know no resources.',
            'Serverless-LambdaStarPermissions':
              'xray:PutTraceSegments and xray:PutTelemetryRecords know no resources.',
          }
        : { 'Serverless-LambdaTracing': 'Tracing is a setting of the stage, and off in this one.' }),
    });
  }
}
