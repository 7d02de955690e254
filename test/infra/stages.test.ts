import { describe, expect, it } from '@jest/globals';
import { stackName } from '../../lib/stack/stack-name.ts';
import { resolve } from './resolve.ts';
import { everyOption, synthesise } from './synthesise.ts';

const dev = synthesise();
const prod = synthesise({ stage: 'prod' });

/** These only have to be unique within their API, or name something that exists. */
const ofSomethingElse = new Set(['StageName', 'MetricName', 'PolicyName']);

/** Names that the template gives to resources itself: they have to be unique in an account and region. */
function givenNames({ all }: typeof dev): string[] {
  return all.flatMap(({ Type, Properties }) =>
    Object.entries(Properties)
      .filter(
        ([key, value]) =>
          /(Name|Identity)$/.test(key) && !ofSomethingElse.has(key) && typeof value === 'string',
      )
      .map(([key, value]) => `${Type} ${key} ${String(value)}`),
  );
}

describe('two stages in one account', () => {
  it('give no name twice', () => {
    const names = [...givenNames(dev), ...givenNames(prod)];
    expect(names.length).toBeGreaterThan(40);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
    expect(dev.stack.stackName).not.toBe(prod.stack.stackName);
  });

  it('export nothing, which would have to be unique too', () => {
    for (const output of Object.values(dev.json.Outputs)) expect(output).not.toHaveProperty('Export');
  });

  it('keep their metrics apart', () => {
    const namespaces = ({ json }: typeof dev) =>
      new Set([...JSON.stringify(json).matchAll(/Usher\/(\w+)/g)].map(([, stage]) => stage));
    expect([namespaces(dev), namespaces(prod)]).toEqual([new Set(['dev']), new Set(['prod'])]);
  });

  it('differ in nothing but their names', () => {
    const ids = ({ all }: typeof dev) => all.map(({ id, Type }) => [id, Type]);
    expect(ids(dev)).toEqual(ids(prod));
  });
});

describe('the outputs', () => {
  it('are what the command line looks for', () => {
    const values = Object.fromEntries(
      Object.entries(dev.json.Outputs).map(([name, { Value }]) => [name, String(resolve(Value))]),
    );
    expect(values).toEqual({
      Stage: 'dev',
      WebhookUrl: expect.stringMatching(/ApiEndpoint\/$/),
      TableName: expect.stringMatching(/^ref-UsersTable/),
      QueueUrl: expect.stringMatching(/QueueJobs\w+\.fifo$/),
      DeadLetterQueueUrl: expect.stringMatching(/QueueDeadLetters\w+\.fifo$/),
      FunctionName: expect.stringMatching(/^ref-WebhookFunction/),
      LogGroupName: expect.stringMatching(/^ref-WebhookLogs/),
      Secrets: expect.stringMatching(/^\{"encharge":"ref-Connectionsencharge\w+"\}$/),
      MailIdentity: 'example.com',
      ConfigurationSetName: expect.stringMatching(/^ref-MailConfigurationSet/),
      MailEventsTopicArn: expect.stringMatching(/^ref-MailEventsTopic/),
      AlarmTopicArn: expect.stringMatching(/^ref-AlarmsTopic/),
      DashboardUrl: expect.stringMatching(
        /^https:\/\/eu-west-1\.console\.aws\.amazon\.com\/cloudwatch\/home\?region=eu-west-1#dashboards\/dashboard\/ref-Dashboard/,
      ),
      NextStep: 'npx usher connect encharge --stage dev',
    });
  });

  it.each([dev, synthesise({ settings: everyOption })])('tell no secret', ({ json }) => {
    expect(JSON.stringify(json.Outputs)).not.toMatch(/resolve:|SecretString/);
  });
});

describe('a stage', () => {
  it('is a stack of that name', () => {
    expect(prod.stack.stackName).toBe(stackName('prod'));
  });

  it.each(['Prod', 'a b', '1st', '', 'x'.repeat(21), '../prod'])('cannot be called %j', (stage) => {
    expect(() => synthesise({ stage })).toThrow(/cannot be a stage/);
  });

  it('can be bound to an account and region', () => {
    const env = { account: '111111111111', region: 'eu-west-1' };
    const bound = synthesise({ env });
    expect(bound.stack).toMatchObject(env);
    expect(bound.all.map(({ id }) => id)).toEqual(dev.all.map(({ id }) => id));
  });
});
