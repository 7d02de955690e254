import { CfnOutput, type Stack } from 'aws-cdk-lib';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Alarms } from './alarms.ts';
import type { Dashboard } from './dashboard.ts';
import type { Watched } from './webhook-widgets.ts';

interface Described extends Watched {
  stage: string;
  site: string;
  secrets: Readonly<Record<string, Secret>>;
  siteKey: Secret;
  alarms: Alarms;
  dashboard: Dashboard;
}

/** What `usher --stage` needs to find everything, and what an operator wants to see after a deployment. */
export function addOutputs(stack: Stack, described: Described): void {
  const {
    stage,
    site,
    connections,
    api,
    users,
    jobs,
    webhookFunction,
    mail,
    secrets,
    siteKey,
    alarms,
    dashboard,
  } = described;
  const [first = ''] = connections;
  const secretArns = Object.entries(secrets).map(([connection, { secretArn }]) => [connection, secretArn]);
  const outputs: Record<string, string> = {
    Stage: stage,
    SiteHost: site,
    WebhookUrl: api.url,
    TableName: users.table.tableName,
    QueueUrl: jobs.queue.queueUrl,
    DeadLetterQueueUrl: jobs.deadLetters.queueUrl,
    FunctionName: webhookFunction.lambda.functionName,
    LogGroupName: webhookFunction.logGroup.logGroupName,
    SiteSecret: siteKey.secretArn,
    Secrets: stack.toJsonString(Object.fromEntries(secretArns)),
    MailIdentity: mail.identity,
    ConfigurationSetName: mail.configurationSet.configurationSetName,
    MailEventsTopicArn: mail.events.topic.topicArn,
    AlarmTopicArn: alarms.topic.topicArn,
    DashboardUrl: dashboard.url,
    NextStep: `npx usher connect ${first} --stage ${stage}`,
  };
  if (mail.dnsRecords.length > 0) outputs['MailDnsRecords'] = stack.toJsonString(mail.dnsRecords);
  if (api.domain) outputs['DomainTarget'] = api.domain.regionalDomainName;
  for (const [name, value] of Object.entries(outputs)) new CfnOutput(stack, name, { value });
}
