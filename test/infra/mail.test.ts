import { describe, expect, it } from '@jest/globals';
import { resolve } from './resolve.ts';
import { everyOption, type StageCase, synthesise } from './synthesise.ts';

const plain = synthesise();
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
