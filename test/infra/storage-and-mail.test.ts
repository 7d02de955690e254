import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { queueSettings } from '../../functions/jobs/queue-settings.ts';
import { readConnectionSecret } from '../../functions/runtime/connection-secret.ts';
import { resolve } from './resolve.ts';
import { everyOption, type StageCase, synthesise } from './synthesise.ts';

const plain = synthesise();
const throwAway = synthesise({ settings: everyOption });
const table = plain.single('AWS::DynamoDB::Table');
/** Those of the connections. The site's is of the same form. */
const secretsIn = (stage: typeof plain) =>
  stage.ofType('AWS::SecretsManager::Secret').filter(({ id }) => !id.startsWith('SiteKey'));
const [secret] = secretsIn(plain);
if (!secret) throw new Error('There is no secret.');

describe('the table', () => {
  it('has the keys that the function uses, and costs nothing unused', () => {
    expect(table.Properties).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    });
  });

  it.each([plain, throwAway])('is encrypted and can be taken back to any second of five weeks', (stage) => {
    expect(stage.single('AWS::DynamoDB::Table').Properties).toMatchObject({
      SSESpecification: { SSEEnabled: true },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    });
  });

  it('drops what is of use for hours or days only', () => {
    expect(table.Properties['TimeToLiveSpecification']).toEqual({ AttributeName: 'expires', Enabled: true });
  });

  it('outlives its stack, and cannot be deleted by mistake', () => {
    expect(table).toMatchObject({
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: { DeletionProtectionEnabled: true },
    });
    expect(plain.stack.terminationProtection).toBe(true);
  });

  it('goes with a throw-away stage', () => {
    expect(throwAway.single('AWS::DynamoDB::Table')).toMatchObject({
      DeletionPolicy: 'Delete',
      Properties: { DeletionProtectionEnabled: false },
    });
    expect(throwAway.stack.terminationProtection).toBe(false);
  });
});

describe('the queues', () => {
  const [deadLetters, jobs] = plain.ofType('AWS::SQS::Queue');

  it.each([deadLetters, jobs])('are FIFO, encrypted, and keep jobs for 14 days', (queue) => {
    expect(queue?.Properties).toMatchObject({
      FifoQueue: true,
      SqsManagedSseEnabled: true,
      MessageRetentionPeriod: 14 * 24 * 60 * 60,
      DeduplicationScope: 'messageGroup',
      FifoThroughputLimit: 'perMessageGroupId',
    });
  });

  it('take TLS only', () => {
    const policies = plain.ofType('AWS::SQS::QueuePolicy');
    expect(policies.flatMap(({ Properties }) => Properties['Queues'])).toEqual([
      { Ref: deadLetters?.id },
      { Ref: jobs?.id },
    ]);
    for (const { Properties } of policies) {
      expect(Properties['PolicyDocument']).toMatchObject({
        Statement: [{ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }],
      });
    }
  });

  it('are set up as the job consumer expects', () => {
    expect(jobs?.Properties).toMatchObject({
      VisibilityTimeout: queueSettings.visibilityTimeoutSeconds,
      RedrivePolicy: {
        maxReceiveCount: queueSettings.maxReceives,
        deadLetterTargetArn: { 'Fn::GetAtt': [deadLetters?.id, 'Arn'] },
      },
    });
    expect(deadLetters?.Properties).not.toHaveProperty('RedrivePolicy');
  });

  it('let the function put jobs with the dead letters, and do nothing else there', () => {
    const policy = plain.single('AWS::IAM::Policy').Properties['PolicyDocument'] as {
      Statement: { Action: unknown; Resource: unknown }[];
    };
    const arn = { 'Fn::GetAtt': [deadLetters?.id, 'Arn'] };
    const statements = policy.Statement.filter(({ Resource }) => isDeepStrictEqual(Resource, arn));
    expect(statements.map(({ Action }) => Action)).toEqual(['sqs:SendMessage']);
  });

  it('give Lambda six times its time-out before a job counts as tried', () => {
    const { Timeout } = plain.single('AWS::Lambda::Function').Properties;
    expect(queueSettings.visibilityTimeoutSeconds).toBeGreaterThanOrEqual(6 * Number(Timeout));
  });
});

describe('the secrets', () => {
  it('are one for each connection', () => {
    const two = synthesise({
      change: { connections: { one: { crm: 'encharge' }, two: { crm: 'userengage', account: 'acme' } } },
    });
    expect(secretsIn(two).map(({ id }) => id)).toEqual([
      expect.stringContaining('one'),
      expect.stringContaining('two'),
    ]);
  });

  it('are generated once: any other properties, or another id, would replace keys and tokens', () => {
    expect(secret.id).toBe('Connectionsencharge173E504B');
    expect(secret.Properties['GenerateSecretString']).toEqual({
      SecretStringTemplate: '{"apiToken":""}',
      GenerateStringKey: 'accessKey',
      PasswordLength: 43,
      ExcludePunctuation: true,
    });
    expect(secret.Properties).not.toHaveProperty('SecretString');
  });

  it('hold an access key of 192 bits or more that the function can read', () => {
    const { PasswordLength } = secret.Properties['GenerateSecretString'] as { PasswordLength: number };
    expect(PasswordLength * Math.log2(26 + 26 + 10)).toBeGreaterThan(192);
    const generated = JSON.stringify({ apiToken: '', accessKey: 'x'.repeat(PasswordLength) });
    expect(readConnectionSecret(generated).accessKeys).toHaveLength(1);
  });

  it('outlive the stack, but not a throw-away one', () => {
    expect(secret).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
    for (const one of throwAway.ofType('AWS::SecretsManager::Secret'))
      expect(one).toMatchObject({ DeletionPolicy: 'Delete' });
  });
});

describe('a connection that is taken out', () => {
  const secretsOf = (change: Parameters<typeof synthesise>[0]) =>
    secretsIn(synthesise(change)).map(({ id, Properties }) => ({ id, Properties }));
  const both = { encharge: { crm: 'encharge' }, userengage: { crm: 'userengage', account: 'acme' } } as const;
  const { encharge } = both;

  it('keeps its secret in the stack while it is a former one, and finds it when it is put back', () => {
    const before = secretsOf({ change: { connections: both } });
    expect(before).toHaveLength(2);
    expect(secretsOf({ change: { connections: { encharge }, formerConnections: ['userengage'] } })).toEqual(
      before,
    );
    expect(secretsOf({ change: { connections: { encharge } } })).toHaveLength(1);
  });

  it('is out of reach of the function and the command line meanwhile', () => {
    const { json, single } = synthesise({
      change: { connections: { encharge }, formerConnections: ['userengage'] },
    });
    expect(JSON.stringify([json.Outputs, single('AWS::Lambda::Function')])).not.toContain('userengage');
    expect(JSON.stringify(json.Resources).match(/"Ref":"Connectionsuserengage/g)).toBeNull();
  });

  it('is not one that is there', () => {
    const change = { connections: both, formerConnections: ['userengage'] };
    expect(() => synthesise({ change })).toThrow('formerConnections: userengage is in connections');
  });
});

const set = plain.single('AWS::SES::ConfigurationSet');

describe('the configuration set', () => {
  it('delivers over TLS only, and to nobody who bounced or complained', () => {
    expect(set.Properties).toMatchObject({
      DeliveryOptions: { TlsPolicy: 'REQUIRE' },
      ReputationOptions: { ReputationMetricsEnabled: true },
      SuppressionOptions: { SuppressedReasons: ['BOUNCE', 'COMPLAINT'] },
    });
  });

  it('tells of failures, and counts everything', () => {
    const destinations = plain.ofType('AWS::SES::ConfigurationSetEventDestination');
    expect(destinations.map(({ Properties }) => Properties)).toMatchObject([
      {
        ConfigurationSetName: { Ref: set.id },
        EventDestination: {
          Enabled: true,
          MatchingEventTypes: ['bounce', 'complaint', 'reject', 'renderingFailure'],
          SnsDestination: { TopicARN: plain.json.Outputs['MailEventsTopicArn']?.Value },
        },
      },
      {
        ConfigurationSetName: { Ref: set.id },
        EventDestination: {
          Enabled: true,
          MatchingEventTypes: ['send', 'delivery', 'bounce', 'complaint', 'reject', 'renderingFailure'],
          CloudWatchDestination: {
            DimensionConfigurations: [
              {
                DimensionName: 'ses:configuration-set',
                DimensionValueSource: 'messageTag',
                DefaultDimensionValue: { Ref: set.id },
              },
            ],
          },
        },
      },
    ]);
  });

  it('tells the function of failures', () => {
    const [subscription, ...others] = plain
      .ofType('AWS::SNS::Subscription')
      .filter(({ Properties }) => Properties['Protocol'] === 'lambda');
    const lambda = plain.single('AWS::Lambda::Function');
    expect(others).toEqual([]);
    expect(subscription?.Properties).toMatchObject({
      TopicArn: plain.json.Outputs['MailEventsTopicArn']?.Value,
      Endpoint: { 'Fn::GetAtt': [lambda.id, 'Arn'] },
    });
  });

  it('can be one that there is', () => {
    const own = synthesise({ change: { mail: { from: 'hello@example.com', configurationSet: 'mine' } } });
    expect(own.ofType('AWS::SES::ConfigurationSet')).toEqual([]);
    expect(own.json.Outputs['ConfigurationSetName']?.Value).toBe('mine');
    const lambda = own.single('AWS::Lambda::Function').Properties;
    expect(lambda).toMatchObject({ Environment: { Variables: { USHER_CONFIGURATION_SET: 'mine' } } });
  });
});

describe('the identity', () => {
  const identityOf = (stageCase: StageCase) => {
    const stack = synthesise(stageCase);
    return {
      created: stack.ofType('AWS::SES::EmailIdentity').map(({ Properties }) => Properties['EmailIdentity']),
      used: stack.json.Outputs['MailIdentity']?.Value,
      records: stack.json.Outputs['MailDnsRecords']?.Value,
      policies: stack.ofType('AWS::SES::EmailIdentity').map(({ DeletionPolicy }) => DeletionPolicy),
    };
  };
  const mail = { from: 'Example <Hello@Bücher.example>' };

  it.each<[name: string, stageCase: StageCase, created: string[], used: string]>([
    ['is the domain of the sender', {}, [], 'example.com'],
    ['is that domain in ASCII', { change: { mail } }, [], 'xn--bcher-kva.example'],
    [
      'can be made',
      { settings: { mailIdentity: { domain: 'example.com', create: true } } },
      ['example.com'],
      'example.com',
    ],
    [
      'can be an address',
      { settings: { mailIdentity: { address: 'hello@example.com' } } },
      [],
      'hello@example.com',
    ],
    [
      'can be an address that is made',
      { settings: { mailIdentity: { address: 'hello@example.com', create: true } } },
      ['hello@example.com'],
      'hello@example.com',
    ],
  ])('%s', (_name, stageCase, created, used) => {
    expect(identityOf(stageCase)).toMatchObject({ created, used });
  });

  it('comes with the DNS records to set, when its domain is made here', () => {
    const { records } = identityOf({ settings: everyOption });
    const shown = JSON.parse(String(resolve(records))) as unknown;
    expect(shown).toEqual([1, 2, 3].map(() => ({ name: expect.any(String), value: expect.any(String) })));
    expect(identityOf({}).records).toBeUndefined();
  });

  it('may be that of any domain above the sender’s', () => {
    const stack = synthesise({ change: { mail: { from: 'hello@a.news.example.com' } } });
    const policies = JSON.stringify(stack.ofType('AWS::IAM::Policy'));
    const names = [...policies.matchAll(/:identity\/([\w.@-]+)/g)].map(([, name]) => name);
    expect(names).toEqual([
      'a.news.example.com',
      'example.com',
      'hello@a.news.example.com',
      'news.example.com',
    ]);
  });

  it('outlives the stack, so that its DNS records stay right, but not a deployment that failed at first', () => {
    const mailIdentity = { domain: 'example.com', create: true };
    expect(identityOf({ settings: { mailIdentity } }).policies).toEqual(['RetainExceptOnCreate']);
    expect(identityOf({ settings: { mailIdentity, isThrowAway: true } }).policies).toEqual(['Delete']);
  });
});
