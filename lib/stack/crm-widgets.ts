import { GraphWidget, type IWidget, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { period, third, type Watched } from './webhook-widgets.ts';

/** The CRMs: how often they are asked, how long they take, how they fail. */
export function crmWidgets({ connections, metrics }: Watched): IWidget[] {
  return [
    new GraphWidget({
      ...third,
      title: 'CRM: calls',
      left: connections.map((connection) => metrics.total('CrmCalls', { connection, label: connection })),
    }),
    new GraphWidget({
      ...third,
      title: 'CRM: time of the calls of a webhook or job (ms)',
      left: connections.flatMap((connection) =>
        [50, 99].map((percentile) =>
          metrics.total('CrmLatency', {
            connection,
            period,
            statistic: Stats.percentile(percentile),
            label: `${connection} p${percentile}`,
          }),
        ),
      ),
    }),
    new GraphWidget({
      ...third,
      title: 'CRM: failures',
      left: connections.flatMap((connection) => [
        metrics.total('CrmUnavailable', { connection, label: `${connection} unavailable or limiting` }),
        metrics.total('CrmCredentialsRejected', { connection, label: `${connection} rejects the token` }),
        metrics.total('CrmAnswerInvalid', { connection, label: `${connection} unreadable answer` }),
      ]),
    }),
  ];
}
