import { GraphWidget, type IWidget, MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { memoryMegabytes } from './webhook-function.ts';
import { period, third, type Watched } from './webhook-widgets.ts';

/** What the bill is made of. docs/deploy.md has the prices. */
export function costWidgets({ api, webhookFunction, users, jobs }: Watched): IWidget[] {
  const sum = { period, statistic: Stats.SUM };
  const { lambda, logGroup } = webhookFunction;
  return [
    new GraphWidget({
      ...third,
      title: 'Cost: requests, and GB-seconds of the function',
      left: [
        api.api.metricCount({ ...sum, label: 'API requests' }),
        lambda.metricInvocations({ ...sum, label: 'invocations' }),
        jobs.queue.metricNumberOfMessagesSent({ ...sum, label: 'jobs sent' }),
      ],
      right: [
        new MathExpression({
          expression: `milliseconds / 1000 * ${memoryMegabytes / 1024}`,
          usingMetrics: { milliseconds: lambda.metricDuration(sum) },
          label: 'GB-seconds',
          period,
        }),
      ],
    }),
    new GraphWidget({
      ...third,
      title: 'Cost: units of the table',
      left: [
        users.table.metricConsumedReadCapacityUnits({ ...sum, label: 'read' }),
        users.table.metricConsumedWriteCapacityUnits({ ...sum, label: 'written' }),
      ],
    }),
    new GraphWidget({
      ...third,
      title: 'Cost: log (bytes); limits: concurrency, throttles',
      left: [
        new Metric({
          namespace: 'AWS/Logs',
          metricName: 'IncomingBytes',
          dimensionsMap: { LogGroupName: logGroup.logGroupName },
          label: 'bytes',
          ...sum,
        }),
      ],
      right: [
        lambda.metric('ConcurrentExecutions', { period, statistic: Stats.MAXIMUM, label: 'at once' }),
        lambda.metricThrottles({ ...sum, label: 'throttled' }),
      ],
    }),
  ];
}
