import { describe, expect, it } from '@jest/globals';
import { emittedMetrics, metricKey } from './emitted-metrics.ts';
import { resolve } from './resolve.ts';
import { everyOption, synthesise } from './synthesise.ts';

interface MetricProperties {
  Namespace: string;
  MetricName: string;
  Dimensions?: { Name: string; Value: unknown }[];
}
interface AlarmProperties extends MetricProperties {
  AlarmName: string;
  AlarmDescription: string;
  Metrics?: { Id: string; Expression?: string; MetricStat?: { Metric: MetricProperties } }[];
  AlarmActions: unknown[];
  OKActions: unknown[];
}

const connections = { one: { crm: 'encharge' }, two: { crm: 'userengage', account: 'acme' } } as const;
const full = synthesise({ stage: 'full', settings: everyOption, change: { connections } });
const alarmsOf = ({ ofType }: typeof full) =>
  ofType('AWS::CloudWatch::Alarm').map(({ Properties }) => Properties as unknown as AlarmProperties);
const alarms = alarmsOf(full);
const named = (name: string) => alarms.find(({ AlarmName }) => AlarmName === `Usher-full-${name}`);

/** The metrics an alarm looks at: one, or those of its expression. */
function metricsOf(alarm: AlarmProperties): string[] {
  const stats = alarm.Metrics?.flatMap(({ MetricStat }) => (MetricStat ? [MetricStat.Metric] : [])) ?? [
    alarm,
  ];
  return stats.map(({ Namespace, MetricName, Dimensions = [] }) =>
    metricKey(
      Namespace,
      MetricName,
      Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, resolve(Value)])),
    ),
  );
}

/** What the function writes, and what is counted from its log and the access log. */
const ours = new Set([
  ...emittedMetrics('Usher/full', 'one'),
  ...emittedMetrics('Usher/full', 'two'),
  ...full.ofType('AWS::Logs::MetricFilter').flatMap(({ Properties }) => {
    const transformations = Properties['MetricTransformations'] as Record<string, string>[];
    return transformations.map(({ MetricNamespace = '', MetricName = '' }) =>
      metricKey(MetricNamespace, MetricName, {}),
    );
  }),
]);

/** What a test can know of AWS's own metrics: that they are of a resource of this stack, or of the account. */
const ofAws = [
  /^AWS\/Lambda (Errors|Throttles) FunctionName=ref-WebhookFunction\w+$/,
  /^AWS\/ApiGateway 5xx ApiId=ref-Api\w+$/,
  /^AWS\/SQS ApproximateNumberOfMessagesVisible QueueName=arn:QueueDeadLetters\w+\.QueueName$/,
  /^AWS\/SQS ApproximateAgeOfOldestMessage QueueName=arn:QueueJobs\w+\.QueueName$/,
  /^AWS\/SES Reputation\.(BounceRate|ComplaintRate)$/,
];

describe('the alarms', () => {
  it('are these', () => {
    expect(alarms.map(({ AlarmName }) => AlarmName.replace('Usher-full-', '')).sort()).toEqual([
      'api-5xx',
      'api-throttles',
      'bad-keys',
      'crm-credentials-one',
      'crm-credentials-two',
      'crm-failing-one',
      'crm-failing-two',
      'dead-letters',
      'handler-errors',
      'lambda-throttles',
      'mail-bounces',
      'mail-complaints',
      'oldest-job',
      'quiet',
      'retried-job',
    ]);
  });

  it.each(alarms.map((alarm) => [alarm.AlarmName, alarm] as const))(
    '%s watches metrics that there are',
    (_name, alarm) => {
      const unknown = metricsOf(alarm).filter(
        (key) => !ours.has(key) && !ofAws.some((pattern) => pattern.test(key)),
      );
      expect(unknown).toEqual([]);
      expect(metricsOf(alarm).length).toBeGreaterThan(0);
    },
  );

  it.each(alarms.map((alarm) => [alarm.AlarmName, alarm] as const))(
    '%s says what to do, to the topic, and when it is over',
    (_name, { AlarmDescription, AlarmActions, OKActions }) => {
      expect(AlarmDescription).toMatch(/npx usher \w+|query "|Raise|Stop|Ask/);
      expect(AlarmDescription.length).toBeLessThan(1024);
      const topic = full.json.Outputs['AlarmTopicArn']?.Value;
      expect([AlarmActions, OKActions]).toEqual([[topic], [topic]]);
    },
  );

  it('name saved queries that there are', () => {
    const queries = full.ofType('AWS::Logs::QueryDefinition').map(({ Properties }) => Properties['Name']);
    const mentioned = alarms.flatMap(({ AlarmDescription }) =>
      [...AlarmDescription.matchAll(/quer(?:y|ies) "([^"]+)"/g)].map(([, name]) => `Usher-full/${name}`),
    );
    expect(mentioned.length).toBeGreaterThan(3);
    expect(queries).toEqual(expect.arrayContaining(mentioned));
  });

  it.each([
    ['handler-errors', { Threshold: 1, TreatMissingData: 'notBreaching' }],
    ['api-5xx', { Threshold: 1, Statistic: 'Sum' }],
    ['dead-letters', { Threshold: 1, Statistic: 'Maximum' }],
    ['oldest-job', { Threshold: 3600, Statistic: 'Maximum' }],
    ['retried-job', { Threshold: 3600, Statistic: 'Maximum', Period: 1800, MetricName: 'JobAge' }],
    ['lambda-throttles', { Threshold: 1, Statistic: 'Sum' }],
    ['api-throttles', { Threshold: 1, Statistic: 'Sum' }],
    ['bad-keys', { Threshold: 100, Statistic: 'Sum', Period: 300, MetricName: 'InvalidAccessKeys' }],
    ['crm-credentials-one', { Threshold: 1, Statistic: 'Minimum', Period: 60, TreatMissingData: 'ignore' }],
    ['crm-failing-one', { Threshold: 20, DatapointsToAlarm: 3, EvaluationPeriods: 6 }],
    ['mail-bounces', { Threshold: 0.05, Period: 3600 }],
    ['mail-complaints', { Threshold: 0.001, Period: 3600 }],
    [
      'quiet',
      {
        Threshold: 1,
        ComparisonOperator: 'LessThanThreshold',
        EvaluationPeriods: 6,
        TreatMissingData: 'breaching',
      },
    ],
  ])('%s rings at %j', (name, expected) => {
    expect(named(name)).toMatchObject(expected);
  });

  it('ring for silence even if strangers knock: without a valid key a webhook has no connection', () => {
    const { Metrics = [] } = named('quiet') ?? {};
    expect(Metrics).toMatchObject([
      { Expression: 'FILL(all, 0) - FILL(strangers, 0)' },
      { Id: 'all', MetricStat: { Period: 3600, Metric: { MetricName: 'Webhooks' } } },
      {
        Id: 'strangers',
        MetricStat: {
          Period: 3600,
          Metric: {
            MetricName: 'Webhooks',
            Dimensions: expect.arrayContaining([{ Name: 'connection', Value: 'none' }]),
          },
        },
      },
    ]);
  });

  it('hold no search, which CloudWatch does not evaluate for alarms', () => {
    expect(JSON.stringify(alarms)).not.toContain('SEARCH');
  });

  it('ring for silence only when the stage says so', () => {
    expect(alarmsOf(synthesise()).filter(({ AlarmName }) => AlarmName.endsWith('quiet'))).toEqual([]);
  });

  it('are mailed to whom the stage says', () => {
    const mailed = (stack: typeof full) =>
      stack.ofType('AWS::SNS::Subscription').filter(({ Properties }) => Properties['Protocol'] === 'email');
    expect(mailed(full).map(({ Properties }) => Properties)).toMatchObject([
      { Endpoint: 'ops@example.com', TopicArn: full.json.Outputs['AlarmTopicArn']?.Value },
    ]);
    expect(mailed(synthesise())).toEqual([]);
  });
});

describe('the topics', () => {
  it('take TLS only', () => {
    for (const { Properties } of full.ofType('AWS::SNS::TopicPolicy')) {
      expect(Properties['PolicyDocument']).toMatchObject({
        Statement: expect.arrayContaining([
          expect.objectContaining({
            Effect: 'Deny',
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          }),
        ]),
      });
    }
    expect(full.ofType('AWS::SNS::TopicPolicy')).toHaveLength(2);
  });
});
