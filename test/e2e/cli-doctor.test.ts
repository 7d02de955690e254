import { createServer } from 'node:http';
import { PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { PurgeQueueCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { closeServer, listenOnLoopback } from '../../lib/dev/loopback-server.ts';
import type { Finding } from '../../lib/doctor/finding.ts';
import { cli, jsonLines, useCliStack } from '../support/cli-stack.ts';
import { withoutCredentials } from '../support/fake-stage.ts';
import { usher } from '../support/usher-process.ts';

useCliStack({ withPoller: false });

const healthy = { identities: {}, quota: {} };
beforeAll(() => void Object.assign(healthy, structuredClone(cli.stage.account)));
afterEach(() => {
  Object.assign(cli.stage.account, structuredClone(healthy));
  cli.stage.allowAll();
  cli.test.encharge.faults.clear();
  for (const [name, { accessKeys, credentials }] of Object.entries(cli.test.stack.connections)) {
    cli.test.stack.setSecret(name, { accessKeys: [...accessKeys], ...credentials });
  }
});

async function findings(env = cli.stage.env): Promise<{ code: number | null; found: Finding[] }> {
  const { code, out, err } = await cli.deployed(['doctor', '--json'], undefined, env);
  expect(err).toBe('');
  return { code, found: jsonLines(out) as Finding[] };
}

const troubles = (found: readonly Finding[]) => found.filter(({ status }) => status !== 'ok');

describe('usher doctor', () => {
  it('finds nothing wrong with a stage that is right', async () => {
    const { code, found } = await findings();
    expect({ code, troubles: troubles(found) }).toEqual({ code: 0, troubles: [] });
    const checks = found.map(({ check, connection }) => [check, connection].filter(Boolean).join(' '));
    expect(checks.join(', ')).toBe(
      'credentials, stack, webhook, clock, roles, queue, dead letters, mail identity, DKIM, ' +
        'mail sending, mail quota, mail sandbox, mail links, site key, concurrency, ' +
        'keys encharge, CRM encharge, fields encharge, password field encharge, ' +
        'keys userengage, CRM userengage, fields userengage, password field userengage',
    );
  });

  it('looks at the local stack too, but for its mail', async () => {
    const { code, out, err } = await cli.local(['doctor']);
    expect({ code, err }).toEqual({ code: 0, err: '16 ok, 0 to look at, 0 failed\n' });
    expect(out).toMatch(/^ok {4}webhook +http:\S+ refuses a wrong key$/m);
    expect(out).toMatch(/^skip {2}mail +local/m);
    expect(out).not.toContain(cli.test.stack.site.key);
    for (const { accessKey, credentials } of Object.values(cli.test.stack.connections)) {
      for (const secret of [accessKey, ...Object.values(credentials)]) expect(out).not.toContain(secret);
    }
  });

  it('says what is wrong with mail', async () => {
    Object.assign(cli.stage.account, {
      identities: { 'example.com': { verification: 'Pending', dkim: 'Pending' } },
      quota: { max24Hours: 200, perSecond: 1, sentLast24Hours: 0 },
      sendingEnabled: false,
    });
    const { code, found } = await findings();
    expect(code).toBe(1);
    expect(troubles(found)).toEqual([
      {
        check: 'mail identity',
        status: 'fail',
        message: 'SES has not verified example.com, so it sends nothing from hello@example.com',
        fix: expect.stringContaining('DNS records'),
      },
      {
        check: 'mail sending',
        status: 'fail',
        message: expect.stringContaining('paused'),
        fix: expect.any(String),
      },
      {
        check: 'mail sandbox',
        status: 'warn',
        message: expect.stringContaining('in the sandbox'),
        fix: expect.stringContaining('production access'),
      },
    ]);
  });

  it.each([
    ['only the address is verified', { 'hello@example.com': 'Success' }, 'only the address'],
    ['the domain does not sign', { 'example.com': 'Failed' }, 'are not signed (DKIM: off)'],
  ])('warns of DKIM when %s', async (_name, dkimOf, message) => {
    const entries = Object.entries(dkimOf).map(([name, dkim]) => [name, { verification: 'Success', dkim }]);
    cli.stage.account.identities = Object.fromEntries(entries);
    cli.stage.account.quota = { max24Hours: 1000, perSecond: 1, sentLast24Hours: 900 };
    const { code, found } = await findings();
    expect({ code, troubles: troubles(found) }).toMatchObject({
      code: 0,
      troubles: [
        { check: 'DKIM', status: 'warn', message: expect.stringContaining(message) },
        { check: 'mail quota', status: 'warn', message: '900 of 1000 mails sent in 24 hours' },
      ],
    });
  });

  it("says what is wrong with the site's keys", async () => {
    const { services, site } = cli.test.stack;
    const store = (accessKeys: string[]) =>
      services.secrets.send(
        new PutSecretValueCommand({
          SecretId: site.secretId,
          SecretString: JSON.stringify({ accessKeys, apiToken: '' }),
        }),
      );
    await store([]);
    const none = await findings();
    await store([site.key, 'obviously-not-a-real-key-of-the-site']);
    const two = await findings();
    await store([site.key]);
    expect({ code: none.code, troubles: troubles(none.found) }).toEqual({
      code: 1,
      troubles: [
        {
          check: 'site key',
          status: 'fail',
          message: 'there is no access key',
          fix: 'npx usher site-key rotate --stage test',
        },
      ],
    });
    expect({ code: two.code, troubles: troubles(two.found) }).toMatchObject({
      code: 0,
      troubles: [{ check: 'site key', status: 'warn', fix: expect.stringContaining('site-key revoke') }],
    });
  });

  it('says what is wrong with connections, each on its own', async () => {
    const [encharge, userengage] = [
      cli.test.stack.connections['encharge'],
      cli.test.stack.connections['userengage'],
    ];
    cli.test.stack.setSecret('encharge', { accessKeys: [], apiToken: 'not-its-token' });
    const key = String(userengage?.accessKey);
    cli.test.stack.setSecret('userengage', { accessKeys: [key, String(encharge?.accessKey)], apiToken: '' });
    const { code, found } = await findings();
    expect(code).toBe(1);
    expect(troubles(found)).toMatchObject([
      {
        check: 'keys',
        connection: 'encharge',
        status: 'fail',
        fix: 'npx usher keys rotate encharge --stage test',
      },
      {
        check: 'CRM',
        connection: 'encharge',
        status: 'fail',
        message: 'Encharge rejects the API token.',
        fix: 'Store a valid token: npx usher connect encharge --stage test',
      },
      { check: 'fields', connection: 'encharge', status: 'skip' },
      { check: 'keys', connection: 'userengage', status: 'warn', message: '2 access keys are valid' },
      { check: 'CRM', connection: 'userengage', status: 'fail', message: 'no API token is stored' },
    ]);
  });

  it.each([
    [503, 'Encharge does not answer at', { fix: "Look at the CRM's status page." }],
    [429, 'limits calls right now. Try again', {}],
    [404, "Check the connection's settings", {}],
  ])('does not blame the token when the CRM answers %s', async (status, message, remedy) => {
    cli.test.encharge.faults.inject({ status });
    const { code, found } = await findings();
    expect(code).toBe(1);
    const finding = { check: 'CRM', connection: 'encharge', status: 'fail' };
    const skipped = { check: 'fields', connection: 'encharge', status: 'skip', message: expect.any(String) };
    expect(troubles(found)).toEqual([
      { ...finding, message: expect.stringContaining(message), ...remedy },
      skipped,
    ]);
  });

  it('says which mapped fields the CRM lacks', async () => {
    const names = ['email', 'user_login', 'user_pass', 'user_role', 'birthday', 'vip', 'score', 'orders'];
    const answer = JSON.stringify({ items: names.map((name) => ({ name })) });
    const crm = createServer((_request, response) => response.end(answer));
    const port = await listenOnLoopback(crm, 0, 'the CRM');
    const urls = {
      encharge: `http://127.0.0.1:${port}/`,
      userengage: cli.test.stack.connections['userengage']?.crmUrl,
    };
    const { code, found } = await findings({ ...cli.stage.env, USHER_CRM_URLS: JSON.stringify(urls) });
    await closeServer(crm);
    expect(code).toBe(1);
    expect(troubles(found)).toMatchObject([
      { check: 'fields', connection: 'encharge', message: 'Encharge has no field interests, lastSeen' },
      {
        check: 'password field',
        connection: 'encharge',
        message: 'Encharge has no field wpPassword',
      },
    ]);
  });

  it('says that the CRM answers what nobody knows', async () => {
    cli.test.encharge.faults.inject({ kind: 'unknown_shape', pathContains: 'fields' });
    const { code, found } = await findings();
    expect({ code, troubles: troubles(found) }).toMatchObject({
      code: 1,
      troubles: [
        { check: 'fields', connection: 'encharge', message: expect.stringContaining('does not answer as') },
      ],
    });
  });

  it('counts jobs that were given up', async () => {
    const { services, deadLetterUrl } = cli.test.stack;
    await services.sqs.send(
      new SendMessageCommand({
        QueueUrl: deadLetterUrl,
        MessageBody: '{}',
        MessageGroupId: 'a',
        MessageDeduplicationId: 'a',
      }),
    );
    const { code, found } = await findings();
    await services.sqs.send(new PurgeQueueCommand({ QueueUrl: deadLetterUrl }));
    expect({ code, troubles: troubles(found) }).toMatchObject({
      code: 0,
      troubles: [
        { check: 'dead letters', message: '1 jobs were given up', fix: expect.stringContaining('dlq list') },
      ],
    });
  });

  it.each([
    ['GetIdentityVerificationAttributes', 'mail identity', ['mail sending', 'mail quota', 'mail sandbox']],
    ['GetIdentityDkimAttributes', 'DKIM', ['mail identity', 'mail sending', 'mail quota', 'mail sandbox']],
    ['GetAccountSendingEnabled', 'mail sending', ['mail identity', 'DKIM', 'mail quota', 'mail sandbox']],
    ['GetSendQuota', 'mail quota', ['mail identity', 'DKIM', 'mail sending']],
    ['GetAccountSettings', 'concurrency', ['mail identity', 'DKIM', 'mail sending', 'keys']],
  ])('a refused %s hides no other finding', async (action, refused, others) => {
    cli.stage.refuse(action, 'AccessDenied');
    const { code, found } = await findings();
    expect(code).toBe(1);
    expect(found.filter(({ status }) => status === 'fail').map(({ check }) => check)).toEqual([refused]);
    const good = found.filter(({ status }) => status === 'ok').map(({ check }) => check);
    expect(good).toEqual(expect.arrayContaining(others));
  });

  it('looks at nothing else without credentials', async () => {
    const env = { ...withoutCredentials(), AWS_ENDPOINT_URL_STS: cli.stage.endpoint };
    expect(await findings(env)).toEqual({
      code: 1,
      found: [{ check: 'credentials', status: 'fail', message: expect.stringContaining('aws configure') }],
    });
  });

  it('says that there is no such stage', async () => {
    cli.stage.account.stack = 'Usher-other';
    expect(await findings()).toMatchObject({
      code: 1,
      found: [{ check: 'credentials' }, { check: 'stack', status: 'fail' }],
    });
  });

  it('says that no local stack is running', async () => {
    const { code, out } = await usher(['doctor', '--port', '9'], cli.folder);
    expect({ code, out }).toEqual({ code: 1, out: expect.stringContaining('npm start') });
  });
});
