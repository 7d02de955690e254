import { describe, expect, it } from '@jest/globals';
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

  it('works on jobs in batches that a FIFO queue allows, and says which failed', () => {
    const [, jobs] = plain.ofType('AWS::SQS::Queue');
    expect(plain.single('AWS::Lambda::EventSourceMapping').Properties).toMatchObject({
      EventSourceArn: { 'Fn::GetAtt': [jobs?.id, 'Arn'] },
      BatchSize: 1,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 4 },
    });
    // FIFO queues know no waiting for a full batch.
    expect(plain.single('AWS::Lambda::EventSourceMapping').Properties).not.toHaveProperty(
      'MaximumBatchingWindowInSeconds',
    );
    expect(full.single('AWS::Lambda::EventSourceMapping').Properties).toMatchObject({
      ScalingConfig: { MaximumConcurrency: 20 },
    });
  });
});

const stage = plain.single('AWS::ApiGatewayV2::Stage');

describe('the HTTP API', () => {
  it('sends every request to the function, as payload 2.0', () => {
    const integration = plain.single('AWS::ApiGatewayV2::Integration');
    expect(plain.single('AWS::ApiGatewayV2::Api').Properties).toMatchObject({ ProtocolType: 'HTTP' });
    expect(plain.single('AWS::ApiGatewayV2::Route').Properties).toMatchObject({
      RouteKey: '$default',
      Target: { 'Fn::Join': ['', ['integrations/', { Ref: integration.id }]] },
    });
    expect(integration.Properties).toMatchObject({
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: { 'Fn::GetAtt': [plain.single('AWS::Lambda::Function').id, 'Arn'] },
      PayloadFormatVersion: '2.0',
    });
  });

  it('answers no browser of another site', () => {
    expect(plain.single('AWS::ApiGatewayV2::Api').Properties).not.toHaveProperty('CorsConfiguration');
  });

  it('is throttled, as the stage says', () => {
    expect(stage.Properties).toMatchObject({
      StageName: '$default',
      AutoDeploy: true,
      DefaultRouteSettings: { ThrottlingRateLimit: 500, ThrottlingBurstLimit: 1000 },
    });
    expect(full.single('AWS::ApiGatewayV2::Stage').Properties).toMatchObject({
      DefaultRouteSettings: { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 },
    });
  });
});

describe('the access log', () => {
  const { Format, DestinationArn } = stage.Properties['AccessLogSettings'] as {
    Format: string;
    DestinationArn: unknown;
  };

  it('is JSON, and has a log of its own for a limited time', () => {
    const [log] = plain.ofType('AWS::Logs::LogGroup').filter(({ id }) => id.startsWith('Api'));
    expect(DestinationArn).toEqual({ 'Fn::GetAtt': [log?.id, 'Arn'] });
    expect(log?.Properties).toMatchObject({
      LogGroupName: '/aws/vendedlogs/usher/dev/access',
      RetentionInDays: 30,
    });
    expect(() => JSON.parse(Format)).not.toThrow();
  });

  it('says of a request only what can hold neither a key nor a person', () => {
    expect(Object.values(JSON.parse(Format) as Record<string, string>)).toEqual([
      '$context.requestId',
      '$context.requestTime',
      '$context.httpMethod',
      '$context.protocol',
      '$context.status',
      '$context.error.responseType',
      '$context.responseLength',
      '$context.responseLatency',
      '$context.integrationLatency',
    ]);
  });
});

describe('a domain of its own', () => {
  it('has the certificate, and is the only way in', () => {
    const domain = full.single('AWS::ApiGatewayV2::DomainName');
    expect(domain.Properties).toMatchObject({
      DomainName: 'hooks.example.com',
      DomainNameConfigurations: [
        { CertificateArn: everyOption.domain?.certificateArn, EndpointType: 'REGIONAL' },
      ],
    });
    expect(full.single('AWS::ApiGatewayV2::ApiMapping').Properties).toMatchObject({
      DomainName: { Ref: domain.id },
      ApiId: { Ref: full.single('AWS::ApiGatewayV2::Api').id },
    });
    expect(full.single('AWS::ApiGatewayV2::Api').Properties).toMatchObject({
      DisableExecuteApiEndpoint: true,
    });
    expect(full.json.Outputs['WebhookUrl']?.Value).toBe('https://hooks.example.com/');
    expect(full.json.Outputs['DomainTarget']?.Value).toEqual({
      'Fn::GetAtt': [domain.id, 'RegionalDomainName'],
    });
  });

  it('is not needed', () => {
    expect(plain.ofType('AWS::ApiGatewayV2::DomainName')).toEqual([]);
    expect(plain.single('AWS::ApiGatewayV2::Api').Properties).toMatchObject({
      DisableExecuteApiEndpoint: false,
    });
    expect(String(resolve(plain.json.Outputs['WebhookUrl']?.Value))).toMatch(/^arn:Api\w+\.ApiEndpoint\/$/);
  });
});
