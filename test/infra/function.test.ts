import { describe, expect, it } from '@jest/globals';
import { queueSettings } from '../../functions/jobs/queue-settings.ts';
import { readEnvironment } from '../../functions/runtime/environment.ts';
import { runtimeEnvironment } from '../../lib/bundle/runtime-environment.ts';
import { resolve } from './resolve.ts';
import { everyOption, synthesise } from './synthesise.ts';

const plain = synthesise();
const full = synthesise({ stage: 'full', settings: everyOption });
const lambda = plain.single('AWS::Lambda::Function');

function environmentOf({ single }: typeof plain) {
  const { Variables } = single('AWS::Lambda::Function').Properties['Environment'] as { Variables: unknown };
  return resolve(Variables) as Record<string, string>;
}

describe('the function', () => {
  it('runs the bundle on Node 24 and ARM', () => {
    expect(lambda.Properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      Code: { S3Key: expect.stringMatching(/\.zip$/) },
    });
  });

  it('has memory and time set', () => {
    expect(lambda.Properties).toMatchObject({ MemorySize: 1024, Timeout: 30 });
  });

  it('logs JSON to a log of its own, for a limited time', () => {
    const [log] = plain.ofType('AWS::Logs::LogGroup').filter(({ id }) => id.startsWith('Webhook'));
    expect(lambda.Properties['LoggingConfig']).toEqual({
      LogFormat: 'JSON',
      LogGroup: { Ref: log?.id },
      ApplicationLogLevel: 'INFO',
      SystemLogLevel: 'INFO',
    });
    expect(log?.Properties).toMatchObject({ RetentionInDays: 30 });
    for (const { Properties } of full.ofType('AWS::Logs::LogGroup')) {
      expect(Properties['RetentionInDays']).toBe(90);
    }
  });

  it('gets an environment that it can read', () => {
    expect(readEnvironment(environmentOf(plain))).toEqual({
      USHER_TABLE: expect.stringMatching(/^ref-UsersTable/),
      USHER_QUEUE_URL: expect.stringMatching(/^https:.*QueueJobs/),
      USHER_DEAD_LETTER_URL: expect.stringMatching(/^https:.*QueueDeadLetters/),
      USHER_SECRETS: { encharge: expect.stringMatching(/^ref-Connectionsencharge/) },
      USHER_PUBLIC_URL: expect.stringMatching(/ApiEndpoint\/$/),
      USHER_SITE_SECRET: expect.stringMatching(/^ref-SiteKeySecret/),
      USHER_METRICS_NAMESPACE: 'Usher/dev',
      USHER_CONFIGURATION_SET: expect.stringMatching(/^ref-MailConfigurationSet/),
      USHER_CRM_URLS: {},
    });
    expect(readEnvironment(environmentOf(full)).USHER_METRICS_NAMESPACE).toBe('Usher/full');
  });

  it('gets no variable it does not know, and no secret', () => {
    expect(environmentOf(plain)).toMatchObject(runtimeEnvironment);
    const known = Object.keys({ ...readEnvironment(environmentOf(plain)), ...runtimeEnvironment });
    expect(known).toEqual(expect.arrayContaining(Object.keys(environmentOf(plain))));
    expect(JSON.stringify(plain.json)).not.toContain('resolve:secretsmanager');
  });

  it('has a secret for every connection of the configuration', () => {
    const connections = { one: { crm: 'encharge' }, two: { crm: 'userengage', account: 'acme' } } as const;
    const two = synthesise({ change: { connections } });
    expect(Object.keys(readEnvironment(environmentOf(two)).USHER_SECRETS)).toEqual(['one', 'two']);
  });

  it('is traced and limited only when the stage says so', () => {
    expect(lambda.Properties).not.toHaveProperty('TracingConfig');
    expect(lambda.Properties).not.toHaveProperty('ReservedConcurrentExecutions');
    expect(full.single('AWS::Lambda::Function').Properties).toMatchObject({
      TracingConfig: { Mode: 'Active' },
      ReservedConcurrentExecutions: 100,
    });
  });

  it('works on jobs one by one, and says which failed', () => {
    const [, jobs] = plain.ofType('AWS::SQS::Queue');
    expect(plain.single('AWS::Lambda::EventSourceMapping').Properties).toMatchObject({
      EventSourceArn: { 'Fn::GetAtt': [jobs?.id, 'Arn'] },
      BatchSize: queueSettings.batchSize,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 4 },
    });
    expect(full.single('AWS::Lambda::EventSourceMapping').Properties).toMatchObject({
      ScalingConfig: { MaximumConcurrency: 20 },
    });
  });
});
