import { Duration, Stack } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Metric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { StageSettings } from '../../functions/config/stages.ts';
import { acknowledge } from './acknowledge.ts';
import { alarmTexts } from './alarm-texts.ts';
import { createAlarmTopic } from './alarm-topic.ts';
import type { JobQueue } from './job-queue.ts';
import type { UsherMetrics } from './usher-metrics.ts';
import type { WebhookApi } from './webhook-api.ts';
import type { WebhookFunction } from './webhook-function.ts';

export interface AlarmsProps {
  stage: string;
  settings: StageSettings;
  connections: readonly string[];
  metrics: UsherMetrics;
  webhookFunction: WebhookFunction;
  api: WebhookApi;
  jobs: JobQueue;
}

interface Watch {
  metric: IMetric;
  /** Alarms at this value and above. */
  threshold: number;
  text: string;
  /** What no data means; that all is well when absent. */
  missing?: TreatMissingData;
  /** Periods looked at, and how many of them must be above; 1 of 1 when absent. */
  of?: readonly [count: number, periods: number];
}

const period = Duration.minutes(5);
/** More than a URL pasted wrongly into one automation brings about, and nothing to somebody who guesses. */
const badKeysInFiveMinutes = 100;

/** Everything an operator is woken for, sent to one SNS topic. */
export class Alarms extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const { stage, settings, connections, metrics, webhookFunction, api, jobs } = props;
    const texts = alarmTexts(stage);
    this.topic = createAlarmTopic(this);
    if (settings.alarmEmail) this.topic.addSubscription(new EmailSubscription(settings.alarmEmail));
    acknowledge(this.topic, {
      'Serverless-SNSRedrivePolicy': 'SNS keeps no mails that failed; the alarm itself stays in the console.',
    });

    this.#watch('handler-errors', {
      metric: new MathExpression({
        expression: 'FILL(crashes, 0) + FILL(lines, 0)',
        usingMetrics: {
          crashes: webhookFunction.lambda.metricErrors({ period }),
          lines: metrics.errorLines(),
        },
        period,
      }),
      threshold: 1,
      text: texts.handlerErrors,
    });
    this.#watch('api-5xx', {
      metric: api.api.metricServerError({ period, statistic: Stats.SUM }),
      threshold: 1,
      text: texts.apiServerErrors,
    });
    this.#watch('dead-letters', {
      metric: jobs.deadLetters.metricApproximateNumberOfMessagesVisible({ period, statistic: Stats.MAXIMUM }),
      threshold: 1,
      text: texts.deadLetters,
    });
    this.#watch('oldest-job', {
      metric: jobs.queue.metricApproximateAgeOfOldestMessage({ period, statistic: Stats.MAXIMUM }),
      threshold: 3600,
      text: texts.oldestJob,
    });
    this.#watch('retried-job', {
      // SQS leaves out of its metric what was received several times. A job rests for a quarter of an hour, if the CRM names
      // no longer time.
      metric: metrics.total('JobAge', { period: Duration.minutes(30), statistic: Stats.MAXIMUM }),
      threshold: 3600,
      text: texts.retriedJob,
    });
    this.#watch('lambda-throttles', {
      metric: webhookFunction.lambda.metricThrottles({ period, statistic: Stats.SUM }),
      threshold: 1,
      text: texts.lambdaThrottles,
    });
    this.#watch('bad-keys', {
      metric: metrics.total('InvalidAccessKeys'),
      threshold: badKeysInFiveMinutes,
      text: texts.badKeys(badKeysInFiveMinutes),
    });
    this.#watch('api-throttles', { metric: metrics.apiThrottles(), threshold: 1, text: texts.apiThrottles });
    for (const connection of connections) {
      this.#watch(`crm-credentials-${connection}`, {
        // Written once when it begins and once, as zero, when it is over: in between the alarm stays as it is.
        metric: metrics.total('CrmCredentialsRejected', {
          connection,
          period: Duration.minutes(1),
          statistic: Stats.MINIMUM,
        }),
        threshold: 1,
        missing: TreatMissingData.IGNORE,
        text: texts.credentialsRejected(connection),
      });
      this.#watch(`crm-failing-${connection}`, {
        metric: metrics.crmFailurePercentage(connection),
        threshold: 20,
        // One job that is tried again and again shows up after a quarter of an hour; a single time-out does not.
        of: [3, 6],
        text: texts.crmFailing(connection),
      });
    }
    this.#watchMails(texts);
    if (settings.quietHours !== undefined) this.#watchSilence(metrics, settings.quietHours, texts);
  }

  /** SES judges an account by all its mails, so this looks at all of them too. */
  #watchMails(texts: ReturnType<typeof alarmTexts>): void {
    const reputation = (metricName: string) =>
      new Metric({ namespace: 'AWS/SES', metricName, period: Duration.hours(1), statistic: Stats.MAXIMUM });
    this.#watch('mail-bounces', {
      metric: reputation('Reputation.BounceRate'),
      threshold: 0.05,
      text: texts.mailBounces,
    });
    this.#watch('mail-complaints', {
      metric: reputation('Reputation.ComplaintRate'),
      threshold: 0.001,
      text: texts.mailComplaints,
    });
  }

  #watchSilence(metrics: UsherMetrics, hours: number, texts: ReturnType<typeof alarmTexts>): void {
    const alarm = new Alarm(this, 'quiet', {
      alarmName: `${Stack.of(this).stackName}-quiet`,
      alarmDescription: texts.quiet(hours),
      metric: metrics.withKey(Duration.hours(1)),
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      threshold: 1,
      evaluationPeriods: hours,
      treatMissingData: TreatMissingData.BREACHING,
    });
    this.#tell(alarm);
  }

  #watch(name: string, { metric, threshold, text, missing, of: [count, periods] = [1, 1] }: Watch): void {
    const alarm = new Alarm(this, name, {
      alarmName: `${Stack.of(this).stackName}-${name}`,
      alarmDescription: text,
      metric,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      threshold,
      evaluationPeriods: periods,
      datapointsToAlarm: count,
      treatMissingData: missing ?? TreatMissingData.NOT_BREACHING,
    });
    this.#tell(alarm);
  }

  #tell(alarm: Alarm): void {
    const action = new SnsAction(this.topic);
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
  }
}
