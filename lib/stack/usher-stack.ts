import { Stack, type StackProps, Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Config } from '../../functions/config/config.ts';
import { stageSettings } from '../../functions/config/stages.ts';
import { Alarms } from './alarms.ts';
import { ConnectionSecrets } from './connection-secrets.ts';
import { connectionsThatSignIn } from './connections-that-sign-in.ts';
import { Dashboard } from './dashboard.ts';
import { JobQueue } from './job-queue.ts';
import { Mail } from './mail.ts';
import { addOutputs } from './outputs.ts';
import { Queries } from './queries.ts';
import { SiteKey } from './site-key.ts';
import { addSiteParameter } from './site-parameter.ts';
import { accessLogName, metricsNamespace, stackName } from './stack-name.ts';
import { UserTable } from './user-table.ts';
import { UsherMetrics } from './usher-metrics.ts';
import { WebhookApi } from './webhook-api.ts';
import { WebhookFunction } from './webhook-function.ts';

export interface UsherStackProps extends Pick<StackProps, 'env'> {
  config: Config;
  /** Which of the stages in the configuration; one that is not listed there gets the defaults. */
  stage: string;
  /** Folder with the bundle of the function. */
  codeFolder: string;
}

/** Usher on AWS, one stack for each stage. */
export class UsherStack extends Stack {
  constructor(scope: Construct, { config, stage, codeFolder, env }: UsherStackProps) {
    const settings = stageSettings(config.stages, stage);
    const owner = { stage, app: config.app };
    const name = stackName(owner);
    super(scope, name, {
      stackName: name,
      description: `Usher, stage ${stage}: webhooks of marketing automations become users`,
      terminationProtection: !settings.isThrowAway,
      ...(env ? { env } : {}),
    });
    Tags.of(this).add('usher:stage', stage);

    const site = addSiteParameter(this, config);
    const connections = Object.keys(config.connections);
    const users = new UserTable(this, 'Users', settings);
    const jobs = new JobQueue(this, 'Queue');
    const { secrets } = new ConnectionSecrets(this, 'Connections', {
      connections,
      former: config.formerConnections,
      ...settings,
    });
    const siteKey = new SiteKey(this, 'SiteKey', settings);
    const mail = new Mail(this, 'Mail', { mail: config.mail, settings });
    const webhookFunction = new WebhookFunction(this, 'Webhook', {
      codeFolder,
      settings,
      metricsNamespace: metricsNamespace(owner),
      table: users.table,
      queue: jobs.queue,
      deadLetters: jobs.deadLetters,
      secrets,
      siteKey: siteKey.secret,
      signIns: connectionsThatSignIn(config),
      mail,
    });
    const api = new WebhookApi(this, 'Api', {
      accessLogName: accessLogName(owner),
      settings,
      handler: webhookFunction.lambda,
    });

    // Not among the function's own settings: the API is made after it.
    webhookFunction.lambda.addEnvironment('USHER_PUBLIC_URL', api.url);

    const metrics = new UsherMetrics(this, 'Metrics', {
      namespace: metricsNamespace(owner),
      functionLog: webhookFunction.logGroup,
      accessLog: api.accessLog,
    });
    const watched = { stage, settings, connections, metrics, webhookFunction, api, jobs, users, mail };
    const alarms = new Alarms(this, 'Alarms', watched);
    const dashboard = new Dashboard(this, 'Dashboard', watched);
    new Queries(this, 'Queries', webhookFunction.logGroup);
    addOutputs(this, {
      ...watched,
      site: site.valueAsString,
      secrets,
      siteKey: siteKey.secret,
      alarms,
      dashboard,
    });
  }
}
