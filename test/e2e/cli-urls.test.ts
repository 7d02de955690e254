import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type CliStack, jsonLines, startCliStack } from '../support/cli-stack.ts';
import { withoutCredentials } from '../support/fake-stage.ts';

let cli: CliStack;
const keyOf = (connection: string) => String(cli.test.stack.connections[connection]?.accessKey);
beforeAll(async () => {
  cli = await startCliStack({ withPoller: false });
});
afterAll(() => cli.stop());

interface Urls {
  connection: string;
  urls: Record<string, string>;
  headers: Record<string, string>;
  setup: string[];
}

describe('usher urls', () => {
  it('shows the URLs and the steps of every connection, and no key', async () => {
    const { code, out, err } = await cli.local(['urls', '--role', 'customer', '--notify']);
    expect(code).toBe(0);
    const { webhook } = cli.test.stack;
    expect(out.split('\n').slice(0, 7)).toEqual([
      'encharge: Encharge',
      `  add          ${webhook}?wpf_action=add&access_key=<access key>&role=customer&send_notification=true`,
      `  update       ${webhook}?wpf_action=update&access_key=<access key>&role=customer`,
      `  update_tags  ${webhook}?wpf_action=update_tags&access_key=<access key>`,
      `  test         ${webhook}?wpf_action=test&access_key=<access key>`,
      '  - In Encharge, open the flow and add the action step "Send Webhook".',
      '  - URL: one of the URLs above',
    ]);
    expect(out).toContain('userengage: UserEngage (User.com)');
    expect(err).toContain('--show-key');
    for (const connection of ['encharge', 'userengage']) expect(out + err).not.toContain(keyOf(connection));
  });

  it('with --show-key shows URLs that work as they are', async () => {
    const { code, out } = await cli.deployed(['urls', 'encharge', '--show-key', '--async', '--json']);
    expect(code).toBe(0);
    const [{ connection, urls, headers } = {} as Urls, ...others] = jsonLines(out) as Urls[];
    expect({ connection, headers, others }).toEqual({ connection: 'encharge', headers: {}, others: [] });
    expect(Object.keys(urls)).toEqual(['add', 'update', 'update_tags', 'test']);
    for (const action of ['add', 'update', 'update_tags']) expect(urls[action]).toMatch(/&async=true$/);
    expect((await fetch(String(urls['test']))).status).toBe(200);
  });

  it('encodes a key that somebody else has made', async () => {
    const key = 'a+b&c=d/e?f#g%41 key of an operator';
    const { accessKeys = [], credentials: { apiToken } = { apiToken: '' } } =
      cli.test.stack.connections['encharge'] ?? {};
    cli.test.stack.setSecret('encharge', { accessKeys: [key], apiToken });
    const { out } = await cli.local(['urls', 'encharge', '--show-key', '--json']);
    const [{ urls } = {} as Urls] = jsonLines(out) as Urls[];
    cli.test.stack.setSecret('encharge', { accessKeys: [...accessKeys], apiToken });
    expect(new URL(String(urls['add'])).searchParams.get('access_key')).toBe(key);
  });

  it('names only connections that are deployed', async () => {
    const { outputs } = cli.stage.account;
    const { Secrets } = outputs;
    const secrets = JSON.parse(String(Secrets)) as Record<string, string>;
    outputs['Secrets'] = JSON.stringify({ userengage: secrets['userengage'] });
    const all = await cli.deployed(['urls']);
    const one = await cli.deployed(['urls', 'encharge']);
    const keys = await cli.deployed(['keys', 'list']);
    outputs['Secrets'] = String(Secrets);
    expect(all.code).toBe(0);
    expect(all.out).toContain('userengage: ');
    expect(all.out).not.toContain('encharge: ');
    expect(all.err).toContain(
      '"encharge" is left out: it was added after the last deployment of stage test.',
    );
    expect(one).toEqual({
      code: 1,
      out: '',
      err: expect.stringContaining('added after the last deployment'),
    });
    expect(keys).toMatchObject({ code: 0, out: expect.stringMatching(/^userengage\n/) });
  });

  it('with --key-in header keeps the key out of the URL', async () => {
    const { code, out } = await cli.local(['urls', 'userengage', '--key-in', 'header', '--show-key']);
    expect(code).toBe(0);
    const key = keyOf('userengage');
    expect(out.match(new RegExp(key, 'g'))).toHaveLength(1);
    expect(out).toContain(`  header       X-Access-Key: ${key}\n`);
    expect(out).toContain('  - Enter the header above as well.\n');
    const url = String(/^ {2}test +(\S+)$/m.exec(out)?.[1]);
    expect((await fetch(url, { headers: { 'X-Access-Key': key } })).status).toBe(200);
  });

  it.each([
    [['urls', 'hubspot'], 2, 'There are: encharge, userengage.'],
    [['urls', '--role', 'owner'], 2, 'The role "owner" is not in usher.config.ts. There are: subscriber'],
    [['urls', '--role', 'administrator'], 2, 'is never given by a webhook'],
    [['urls', '--key-in', 'cookie'], 2, 'Allowed choices are query, header'],
  ])('%j ends with %i', async (args, exitCode, message) => {
    const { code, out, err } = await cli.local(args);
    expect({ code, out }).toEqual({ code: exitCode, out: '' });
    expect(err).toContain(message);
  });
});

describe('a stage that cannot be opened', () => {
  it('needs credentials', async () => {
    const env = { ...withoutCredentials(), AWS_ENDPOINT_URL_CLOUDFORMATION: cli.stage.endpoint };
    const { code, out, err } = await cli.deployed(['urls'], undefined, env);
    expect({ code, out, err }).toEqual({ code: 1, out: '', err: expect.stringContaining('aws configure') });
  });

  it('needs a region', async () => {
    const { AWS_REGION: _region, ...env } = cli.stage.env;
    const { code, err } = await cli.deployed(['urls'], undefined, env);
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('Set AWS_REGION') });
  });

  it.each([
    ['ExpiredToken', 'Log in again'],
    ['AccessDenied', 'may not do this (DescribeStacks)'],
    ['InternalFailure', 'AWS refused: InternalFailure'],
  ])('%s is explained', async (error, message) => {
    cli.stage.refuse('DescribeStacks', error);
    const { code, err } = await cli.deployed(['urls']);
    cli.stage.allowAll();
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining(message) });
  });

  it('has to exist', async () => {
    cli.stage.account.stack = 'Usher-other';
    const { code, err } = await cli.deployed(['urls']);
    cli.stage.account.stack = 'Usher-test';
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('There is no stack Usher-test') });
  });

  it("has to be this site's", async () => {
    const { outputs } = cli.stage.account;
    outputs['SiteHost'] = 'www.example.com';
    expect((await cli.deployed(['urls'])).code).toBe(0);
    outputs['SiteHost'] = 'other.example.net';
    const foreign = await cli.deployed(['urls']);
    const keys = await cli.deployed(['keys', 'rotate', 'encharge']);
    delete outputs['SiteHost'];
    const err = expect.stringContaining(
      'belongs to the site other.example.net, and usher.config.ts to www.example.com',
    );
    expect(foreign).toEqual({ code: 1, out: '', err });
    expect(keys).toEqual({ code: 1, out: '', err });
  });

  it('has to have a secret for every connection', async () => {
    const { Secrets } = cli.stage.account.outputs;
    cli.stage.account.outputs['Secrets'] = '{}';
    const { code, err } = await cli.deployed(['urls', 'encharge', '--show-key']);
    cli.stage.account.outputs['Secrets'] = String(Secrets);
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('stage test has no secret') });
  });
});
