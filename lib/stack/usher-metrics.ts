import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

interface UsherMetricsProps {
  namespace: string;
  functionLog: ILogGroup;
  accessLog: ILogGroup;
}

/** Names of the metrics that functions/runtime/log.ts writes in all and per connection. */
type TotalName =
  | 'Webhooks'
  | 'Jobs'
  | 'JobAge'
  | 'CrmCalls'
  | 'CrmLatency'
  | 'CrmCredentialsRejected'
  | 'CrmUnavailable'
  | 'CrmAnswerInvalid'
  | 'InvalidAccessKeys';

const serviceDimension = { service: 'usher' };
const fiveMinutes = { period: Duration.minutes(5), statistic: Stats.SUM };

/** A metric or nothing at all is no different from zero here. */
const orZero = (name: string) => `FILL(${name}, 0)`;

/**
 * The metrics of one stage: what the function writes, and what is counted from its logs. Their namespace is the
 * stage's own, so that two stages do not add up.
 */
export class UsherMetrics extends Construct {
  readonly namespace: string;

  constructor(scope: Construct, id: string, { namespace, functionLog, accessLog }: UsherMetricsProps) {
    super(scope, id);
    this.namespace = namespace;
    const filters = [
      { metricName: 'ErrorLines', logGroup: functionLog, pattern: ['$.level', 'ERROR'] },
      { metricName: 'ApiThrottles', logGroup: accessLog, pattern: ['$.status', '429'] },
    ] as const;
    for (const { metricName, logGroup, pattern } of filters) {
      new MetricFilter(this, metricName, {
        logGroup,
        metricNamespace: namespace,
        metricName,
        metricValue: '1',
        filterPattern: FilterPattern.stringValue(pattern[0], '=', pattern[1]),
      });
    }
  }

  /** Lines of level ERROR in the function's log: bugs, unreadable secrets, crashes. */
  errorLines(): Metric {
    return this.#metric('ErrorLines', {}, fiveMinutes);
  }

  /** Requests that API Gateway answered with 429. */
  apiThrottles(): Metric {
    return this.#metric('ApiThrottles', {}, fiveMinutes);
  }

  /** A metric over all connections, or of one. */
  total(metricName: TotalName, options: MetricOptions & { connection?: string } = {}): Metric {
    const { connection, ...rest } = options;
    const dimensions = { ...serviceDimension, ...(connection === undefined ? {} : { connection }) };
    return this.#metric(metricName, dimensions, { ...fiveMinutes, ...rest });
  }

  /** Webhooks with a valid key: those without one have no connection. */
  withKey(period: Duration): IMetric {
    return new MathExpression({
      expression: `${orZero('all')} - ${orZero('strangers')}`,
      usingMetrics: {
        all: this.total('Webhooks', { period }),
        strangers: this.total('Webhooks', { connection: 'none', period }),
      },
      period,
    });
  }

  /** Of 100 webhooks and jobs of a connection, how many the CRM failed. No data when there were none. */
  crmFailurePercentage(connection: string): IMetric {
    return new MathExpression({
      expression: `100 * (${orZero('unavailable')} + ${orZero('invalid')}) / (${orZero('webhooks')} + ${orZero('jobs')})`,
      usingMetrics: {
        unavailable: this.total('CrmUnavailable', { connection }),
        invalid: this.total('CrmAnswerInvalid', { connection }),
        webhooks: this.total('Webhooks', { connection }),
        jobs: this.total('Jobs', { connection }),
      },
      period: Duration.minutes(5),
      label: `failed by the CRM of ${connection}, %`,
    });
  }

  #metric(metricName: string, dimensionsMap: Record<string, string>, options: MetricOptions): Metric {
    return new Metric({ namespace: this.namespace, metricName, dimensionsMap, ...options });
  }
}
