import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  DomainName,
  HttpApi,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { StageSettings } from '../../functions/config/stages.ts';
import { accessLogFields } from './access-log.ts';
import { acknowledge } from './acknowledge.ts';

interface WebhookApiProps {
  accessLogName: string;
  settings: StageSettings;
  handler: IFunction;
}

/** The HTTP API: every request goes to the function, as payload 2.0. */
export class WebhookApi extends Construct {
  readonly api: HttpApi;
  readonly accessLog: LogGroup;
  /** Where webhooks go; ends in a slash. */
  readonly url: string;
  readonly domain: DomainName | undefined;

  constructor(scope: Construct, id: string, { accessLogName, settings, handler }: WebhookApiProps) {
    super(scope, id);
    const { domain, throttle } = settings;
    this.api = new HttpApi(this, 'Api', {
      apiName: Stack.of(this).stackName,
      description: 'Usher: webhooks',
      createDefaultStage: false,
      disableExecuteApiEndpoint: domain !== undefined,
    });
    const route = new HttpRoute(this, 'Route', {
      httpApi: this.api,
      routeKey: HttpRouteKey.DEFAULT,
      integration: new HttpLambdaIntegration('Function', handler),
    });
    acknowledge(route, {
      'AwsSolutions-APIG4': 'CRMs cannot sign requests: the function checks the access key of every one.',
    });

    this.accessLog = new LogGroup(this, 'AccessLog', {
      logGroupName: accessLogName,
      retention: settings.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.domain =
      domain &&
      new DomainName(this, 'Domain', {
        domainName: domain.name,
        certificate: Certificate.fromCertificateArn(this, 'Certificate', domain.certificateArn),
      });
    new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: throttle.rate, burstLimit: throttle.burst },
      accessLogSettings: {
        destination: new LogGroupLogDestination(this.accessLog),
        format: AccessLogFormat.custom(JSON.stringify(accessLogFields)),
      },
      ...(this.domain ? { domainMapping: { domainName: this.domain } } : {}),
    });
    this.url = `${domain ? `https://${domain.name}` : this.api.apiEndpoint}/`;
  }
}
