import { createHash } from 'node:crypto';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { readConnectionSecret } from '../../functions/runtime/connection-secret.ts';
import { freshMs, refreshMs } from '../../functions/runtime/key-ring.ts';
import { type CliStack, cli, jsonLines, useCliStack } from '../support/cli-stack.ts';
import { noteSecret } from '../support/leaks.ts';
import { movedClock } from '../support/moved-clock.ts';

const clock = movedClock();
useCliStack({ adjust: clock.adjust, withPoller: false });
beforeAll(() => noteSecret(cli.test.stack.site.key));

const fingerprint = (key: string) => createHash('sha256').update(key).digest('hex').slice(0, 8);

async function storedKeys(): Promise<string[]> {
  const { services, site } = cli.test.stack;
  const { SecretString } = await services.secrets.send(
    new GetSecretValueCommand({ SecretId: site.secretId }),
  );
  return readConnectionSecret(String(SecretString)).accessKeys;
}

/** What the site API answers to a key. */
async function statusOf(key: string): Promise<number> {
  const url = `${cli.test.stack.webhook}v1/users?tag=vip`;
  return (await fetch(url, { headers: { authorization: `Bearer ${key}` } })).status;
}

describe.each([
  ['the local stack', (): CliStack['local'] => cli.local],
  ['a stage', (): CliStack['local'] => cli.deployed],
])('usher site-key, %s', (_name, runner) => {
  const run: CliStack['local'] = (...args) => runner()(...args);
  let old: string;
  let added: string;

  it('lists keys by fingerprint, and themselves when asked', async () => {
    [old = ''] = await storedKeys();
    const { code, out, err } = await run(['site-key', 'list']);
    expect({ code, out, err }).toEqual({ code: 0, out: `site\n  current  ${fingerprint(old)}\n`, err: '' });
    const shown = await run(['site-key', 'list', '--show-key', '--json']);
    expect(jsonLines(shown.out)).toEqual([
      { keys: [{ position: 'current', fingerprint: fingerprint(old), key: old }] },
    ]);
  });

  it('rotates without showing the key, and says how to go on', async () => {
    const { code, out, err } = await run(['site-key', 'rotate']);
    added = String((await storedKeys())[1]);
    noteSecret(added);
    expect({ code, out }).toEqual({ code: 0, out: `${fingerprint(added)}\n` });
    expect(err).toContain('npx usher site-key list --show-key --');
    expect(err).toContain('npx usher site-key revoke --');
    expect(err).not.toContain(added);
    clock.advance(refreshMs);
    expect([await statusOf(old), await statusOf(added)]).toEqual([200, 200]);
  });

  it('refuses a third key', async () => {
    const { code, out, err } = await run(['site-key', 'rotate']);
    expect({ code, out, err }).toEqual({
      code: 1,
      out: '',
      err: expect.stringContaining('Revoke the older'),
    });
    expect(err).toContain('2 keys of the site are valid already');
  });

  it('revokes the older key, which opens nothing from then on', async () => {
    const { code, out } = await run(['site-key', 'revoke', '--yes', '--json']);
    expect({ code, answers: jsonLines(out) }).toEqual({
      code: 0,
      answers: [
        {
          revoked: fingerprint(old),
          remaining: [fingerprint(added)],
          refused_from: expect.any(String),
        },
      ],
    });
    clock.advance(freshMs);
    expect([await statusOf(old), await statusOf(added)]).toEqual([401, 200]);
  });

  it('refuses to revoke the last key', async () => {
    const { code, err } = await run(['site-key', 'revoke', '--yes']);
    expect({ code, err }).toEqual({
      code: 1,
      err: expect.stringContaining('the last key of the site, and without one nobody can log in'),
    });
  });
});

it('says that a stack is older than the site API', async () => {
  const { SiteSecret, ...outputs } = cli.stage.account.outputs;
  cli.stage.account.outputs = outputs;
  const { code, err } = await cli.deployed(['site-key', 'list']);
  cli.stage.account.outputs = { ...outputs, SiteSecret: String(SiteSecret) };
  expect({ code, err }).toEqual({
    code: 1,
    err: 'stage test has no secret for the site yet. Deploy it again.\n',
  });
});
