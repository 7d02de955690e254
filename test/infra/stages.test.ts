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

describe('two sites in one account, with the same stage', () => {
  const site = (url: string, app?: string) =>
    synthesise({
      stage: 'prod',
      change: {
        ...(app === undefined ? {} : { app }),
        site: { name: 'A Site', url, setPasswordUrl: `${url}/set-password` },
      },
    });
  const [blog, shop] = [site('https://blog.example.com', 'blog'), site('https://shop.example.com', 'shop')];

  it.each([
    [blog, shop],
    [blog, prod],
  ])('give no name twice when they have an app', (one, other) => {
    const names = [...givenNames(one), ...givenNames(other)];
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
    expect(one.stack.stackName).toBe('Usher-blog-prod');
    const namespaces = [one, other].map(({ json }) => JSON.stringify(json).match(/Usher\/[\w/]*prod/)?.[0]);
    expect(new Set(namespaces).size).toBe(2);
  });

  it.each(['My Shop', 'my-shop', '1st', 'x'.repeat(21), ''])('cannot be called %j', (app) => {
    expect(() => synthesise({ change: { app } })).toThrow(/app: must be a letter/);
  });

  it('go on under the old names without one', () => {
    expect(prod.stack.stackName).toBe('Usher-prod');
    expect(JSON.stringify(prod.json)).toContain('"Usher/prod"');
    expect(givenNames(prod).join('\n')).toContain('/aws/vendedlogs/usher/prod/access');
  });

  /** What CloudFormation says to the value that `cdk deploy` hands over: the one that the stack has, else the default. */
  function isTaken({ json }: typeof dev, existing: Record<string, string>): boolean {
    const { Default, AllowedValues } = json.Parameters['Site'] ?? { Default: '', AllowedValues: [] };
    return AllowedValues.includes(existing['Site'] ?? Default);
  }

  it("are not deployed onto each other's stack", () => {
    const [one, other] = [site('https://one.example.com'), site('https://other.example.com')];
    expect(one.stack.stackName).toBe(other.stack.stackName);
    const deployed = { Site: 'one.example.com' };
    expect([isTaken(one, deployed), isTaken(other, deployed)]).toEqual([true, false]);
    // A stack of the first versions has no such parameter.
    expect(isTaken(one, {})).toBe(true);
    expect(isTaken(site('http://one.example.com/blog'), deployed)).toBe(true);
  });
});

describe('the outputs', () => {
  it('are what the command line looks for', () => {
    const values = Object.fromEntries(
      Object.entries(dev.json.Outputs).map(([name, { Value }]) => [name, String(resolve(Value))]),
    );
    expect(values).toEqual({
      Stage: 'dev',
      SiteHost: 'ref-Site',
      WebhookUrl: expect.stringMatching(/ApiEndpoint\/$/),
      TableName: expect.stringMatching(/^ref-UsersTable/),
      QueueUrl: expect.stringMatching(/QueueJobs\w+\.fifo$/),
      DeadLetterQueueUrl: expect.stringMatching(/QueueDeadLetters\w+\.fifo$/),
      FunctionName: expect.stringMatching(/^ref-WebhookFunction/),
      LogGroupName: expect.stringMatching(/^ref-WebhookLogs/),
      Secrets: expect.stringMatching(/^\{"encharge":"ref-Connectionsencharge\w+"\}$/),
      SiteSecret: expect.stringMatching(/^ref-SiteKeySecret/),
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
    expect(prod.stack.stackName).toBe(stackName({ stage: 'prod', app: undefined }));
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
