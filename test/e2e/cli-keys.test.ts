import { createHash } from 'node:crypto';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { readConnectionSecret } from '../../functions/runtime/connection-secret.ts';
import { freshMs, refreshMs } from '../../functions/runtime/key-ring.ts';
import { type CliStack, cli, jsonLines, useCliStack } from '../support/cli-stack.ts';
import { noteSecret } from '../support/leaks.ts';
import { movedClock } from '../support/moved-clock.ts';
import { request } from '../support/webhook.ts';

const clock = movedClock();
useCliStack({ adjust: clock.adjust, withPoller: false });

const fingerprint = (key: string) => createHash('sha256').update(key).digest('hex').slice(0, 8);

async function secretOf(connection: string) {
  const { services, secretIds } = cli.test.stack;
  const SecretId = String(secretIds[connection]);
  const { SecretString } = await services.secrets.send(new GetSecretValueCommand({ SecretId }));
  return readConnectionSecret(String(SecretString));
}

async function statusOf(access_key: string): Promise<number> {
  return (await request(cli.test, { query: { wpf_action: 'test', access_key } })).status;
}

describe.each([
  ['the local stack', 'encharge', (): CliStack['local'] => cli.local],
  ['a stage', 'userengage', (): CliStack['local'] => cli.deployed],
])('usher keys, %s', (_name, connection, runner) => {
  const run: CliStack['local'] = (...args) => runner()(...args);
  let old: string;
  let added: string;

  it('lists keys by fingerprint only', async () => {
    old = String(cli.test.stack.connections[connection]?.accessKey);
    const { code, out, err } = await run(['keys', 'list']);
    expect(code).toBe(0);
    expect(out).toContain(`${connection}\n  current  ${fingerprint(old)}\n`);
    expect(out + err).not.toContain(old);
  });

  it('rotates: a second key is valid beside the first, and shown when asked', async () => {
    const {
      credentials: { apiToken },
    } = await secretOf(connection);
    const { code, out } = await run(['keys', 'rotate', connection, '--json', '--show-key']);
    expect(code).toBe(0);
    const [made] = jsonLines(out) as [{ key: string }];
    noteSecret(made.key);
    added = made.key;
    expect(made).toEqual({
      connection,
      key: expect.stringMatching(/^[\w-]{32,}$/),
      fingerprint: fingerprint(added),
      accepted_from: expect.any(String),
    });
    expect(await secretOf(connection)).toEqual({ accessKeys: [old, added], credentials: { apiToken } });
    clock.advance(refreshMs);
    expect([await statusOf(old), await statusOf(added)]).toEqual([200, 200]);
  });

  it('revokes the older key', async () => {
    const { code, out } = await run(['keys', 'revoke', connection, '--yes', '--json']);
    expect(code).toBe(0);
    expect(jsonLines(out)).toEqual([
      {
        connection,
        revoked: fingerprint(old),
        remaining: [fingerprint(added)],
        refused_from: expect.any(String),
      },
    ]);
    expect((await secretOf(connection)).accessKeys).toEqual([added]);
  });

  it('sends with the new key from then on', async () => {
    clock.advance(freshMs);
    expect(await statusOf(old)).toBe(403);
    const args = ['send', connection, '--contact', '7', '--action', 'update_tags', '--json'];
    const { code, out } = await run(args);
    expect({ code, answers: jsonLines(out) }).toMatchObject({
      code: 1,
      answers: [{ success: false, error: { code: 'user_not_found' } }],
    });
  });
});

describe('usher keys', () => {
  let before: string;
  let added: string;
  beforeAll(async () => {
    [before = ''] = (await secretOf('encharge')).accessKeys;
  });

  it('refuses to revoke the last key', async () => {
    const { code, err } = await cli.local(['keys', 'revoke', 'encharge', '--yes']);
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('is the last key') });
  });

  it('rotates without showing the key, and says how to go on', async () => {
    const { code, out, err } = await cli.local(['keys', 'rotate', 'encharge']);
    const { accessKeys } = await secretOf('encharge');
    added = String(accessKeys[1]);
    expect({ code, out }).toEqual({ code: 0, out: `${fingerprint(added)}\n` });
    expect(err).toContain('npx usher urls encharge --show-key --port');
    expect(err).toContain('npx usher keys revoke encharge --port');
    expect(err).not.toContain(added);
  });

  it('refuses a third key', async () => {
    const { code, out, err } = await cli.local(['keys', 'rotate', 'encharge']);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('Revoke the older one first');
  });

  it.each([
    ['when nobody can be asked', [], 'add --yes'],
    [
      'by a fingerprint that no key has',
      ['--fingerprint', '00000000', '--yes'],
      'No key of "encharge" is 00000000',
    ],
  ])('revokes nothing %s', async (_name, options, message) => {
    const { code, out, err } = await cli.local(['keys', 'revoke', 'encharge', ...options]);
    expect({ code, out, err }).toEqual({ code: 1, out: '', err: expect.stringContaining(message) });
    expect((await secretOf('encharge')).accessKeys).toEqual([before, added]);
  });

  it('revokes the key it is told to', async () => {
    const options = ['--fingerprint', fingerprint(added).toUpperCase(), '--yes'];
    const { code, out, err } = await cli.local(['keys', 'revoke', 'encharge', ...options]);
    expect({ code, out }).toEqual({ code: 0, out: `The key ${fingerprint(added)} is revoked.\n` });
    expect(err).toContain('5 minutes');
    expect((await secretOf('encharge')).accessKeys).toEqual([before]);
  });

  it.each([
    [['keys', 'list', 'hubspot'], 2, 'There is no connection "hubspot"'],
    [['keys', 'rotate'], 2, "missing required argument 'connection'"],
    [['keys', 'revoke', 'encharge', '--nonsense'], 2, 'unknown option'],
  ])('%j ends with %i', async (args, exitCode, message) => {
    const { code, out, err } = await cli.local(args);
    expect({ code, out, err }).toEqual({ code: exitCode, out: '', err: expect.stringContaining(message) });
  });

  it('says that a secret is malformed, without what it holds', async () => {
    const {
      credentials: { apiToken },
    } = await secretOf('encharge');
    cli.test.stack.setSecret('encharge', { accessKeys: ['too-short-a-key'], apiToken });
    const { code, err } = await cli.local(['keys', 'list', 'encharge']);
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('is not of the form') });
    expect(err).not.toContain('too-short');
    expect(err).not.toContain(apiToken);
  });

  it('says which permission is missing', async () => {
    const env = { ...cli.stage.env, AWS_ENDPOINT_URL_SECRETS_MANAGER: cli.stage.endpoint };
    cli.stage.refuse('GetSecretValue', 'AccessDeniedException');
    const { code, err } = await cli.deployed(['keys', 'list', 'userengage'], undefined, env);
    expect({ code, err }).toEqual({
      code: 1,
      err: 'stage test: These AWS credentials may not do this (GetSecretValue).\n',
    });
  });
});
