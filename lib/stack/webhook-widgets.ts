import { Duration } from 'aws-cdk-lib';
import { GraphWidget, type IWidget, LogQueryWidget, MathExpression, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { JobQueue } from './job-queue.ts';
import type { Mail } from './mail.ts';
import { savedQueries } from './saved-queries.ts';
import type { UserTable } from './user-table.ts';
import type { UsherMetrics } from './usher-metrics.ts';
import type { WebhookApi } from './webhook-api.ts';
import type { WebhookFunction } from './webhook-function.ts';

/** What the dashboard looks at. */
export interface Watched {
  connections: readonly string[];
  metrics: UsherMetrics;
  webhookFunction: WebhookFunction;
  api: WebhookApi;
  jobs: JobQueue;
  users: UserTable;
  mail: Mail;
}

export const period = Duration.minutes(5);
/** Three widgets fill a row. */
export const third = { width: 8, height: 7 };

/** The sum over all actions and connections, a line per result. */
function byResult({ namespace }: UsherMetrics, metricName: string, results: readonly string[]) {
  return results.map((result) => {
    const schema = `{"${namespace}",service,action,connection,result}`;
    return new MathExpression({
      expression: `SUM(SEARCH('${schema} MetricName="${metricName}" result="${result}"', 'Sum', 300))`,
      label: result,
      period,
    });
  });
}

/** Webhooks by result, how long they take, and where the time goes. */
export function webhookWidgets({ metrics, api, webhookFunction }: Watched): IWidget[] {
  const steps = savedQueries.find(({ name }) => name === 'Time of webhooks, by step');
  const results = ['created', 'updated', 'unchanged', 'queued', 'refused', 'failed', 'ok'];
  return [
    new GraphWidget({
      ...third,
      title: 'Webhooks by result',
      stacked: true,
      left: byResult(metrics, 'Webhooks', results),
      right: [metrics.total('InvalidAccessKeys', { label: 'wrong key' })],
    }),
    new GraphWidget({
      ...third,
      title: 'Answers: time (ms) and errors',
      left: [50, 95, 99].map((percentile) =>
        api.api.metricLatency({ period, statistic: Stats.percentile(percentile), label: `p${percentile}` }),
      ),
      right: [
        api.api.metricClientError({ period, statistic: Stats.SUM, label: '4xx' }),
        api.api.metricServerError({ period, statistic: Stats.SUM, label: '5xx' }),
      ],
    }),
    new LogQueryWidget({
      ...third,
      title: 'Time of webhooks, by step (ms)',
      logGroupNames: [webhookFunction.logGroup.logGroupName],
      queryString: steps?.text ?? '',
    }),
  ];
}
