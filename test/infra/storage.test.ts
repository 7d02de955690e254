import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { queueSettings } from '../../functions/jobs/queue-settings.ts';
import { readConnectionSecret } from '../../functions/runtime/connection-secret.ts';
import { everyOption, synthesise } from './synthesise.ts';

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
