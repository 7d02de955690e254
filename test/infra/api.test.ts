import { describe, expect, it } from '@jest/globals';
import { resolve } from './resolve.ts';
import { everyOption, synthesise } from './synthesise.ts';

const plain = synthesise();
const full = synthesise({ stage: 'full', settings: everyOption });
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
