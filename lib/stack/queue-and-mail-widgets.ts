import { GraphWidget, type IWidget, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { mailDimension } from './mail-events.ts';
import { period, third, type Watched } from './webhook-widgets.ts';

/** What waits in the queue, and what became of the mails. */
export function queueAndMailWidgets({ jobs, mail, metrics }: Watched): IWidget[] {
  const most = { period, statistic: Stats.MAXIMUM };
  const mails = (metricName: string) =>
    new Metric({
      namespace: 'AWS/SES',
      metricName,
      dimensionsMap: { [mailDimension]: mail.configurationSet.configurationSetName },
      period,
      statistic: Stats.SUM,
    });
  return [
    new GraphWidget({
      ...third,
      title: 'Jobs: waiting, resting, dead',
      left: [
        jobs.queue.metricApproximateNumberOfMessagesVisible({ ...most, label: 'waiting' }),
        jobs.queue.metricApproximateNumberOfMessagesNotVisible({ ...most, label: 'under way or resting' }),
        jobs.deadLetters.metricApproximateNumberOfMessagesVisible({ ...most, label: 'dead letters' }),
      ],
    }),
    new GraphWidget({
      ...third,
      title: 'Jobs: worked on, and age of the oldest (s)',
      left: [metrics.total('Jobs', { label: 'tries' })],
      right: [
        jobs.queue.metricApproximateAgeOfOldestMessage({ ...most, label: 'oldest that waits' }),
        metrics.total('JobAge', { ...most, label: 'oldest that is tried again' }),
      ],
    }),
    new GraphWidget({
      ...third,
      title: 'Mails',
      left: ['Send', 'Delivery', 'Bounce', 'Complaint', 'Reject'].map(mails),
    }),
  ];
}
