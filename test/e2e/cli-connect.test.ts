import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { rejected } from '../../functions/pace/access.ts';
import { readConnectionSecret } from '../../functions/runtime/connection-secret.ts';
import { type CliStack, jsonLines, startCliStack } from '../support/cli-stack.ts';
import { paceStateOf, putPace } from '../support/pace.ts';

let cli: CliStack;
let accessKeys: string[];
beforeAll(async () => {
  cli = await startCliStack({ withPoller: false });
  accessKeys = [String(cli.test.stack.connections['encharge']?.accessKey)];
});
afterAll(() => cli.stop());
/** As a stage is after its first deployment: with a key, without a token. */
beforeEach(() => cli.test.stack.setSecret('encharge', { accessKeys, apiToken: '' }));

async function stored(): Promise<object> {
  const { services, secretIds } = cli.test.stack;
  const SecretId = String(secretIds['encharge']);
  const { SecretString } = await services.secrets.send(new GetSecretValueCommand({ SecretId }));
  return readConnectionSecret(String(SecretString));
}

describe('usher connect', () => {
  it.each([
    ['the local stack', (): CliStack['local'] => cli.local],
    ['a stage', (): CliStack['local'] => cli.deployed],
  ])('stores a token that the CRM accepts, %s', async (_name, runner) => {
    const { token } = cli.test.encharge;
    const { code, out, err } = await runner()(['connect', 'encharge'], `${token}\n`);
    expect({ code, out }).toEqual({ code: 0, out: 'Encharge accepts the token. It is stored.\n' });
    expect(err).toContain('within 5 minutes');
    expect(out + err).not.toContain(token);
    expect(await stored()).toEqual({ accessKeys, credentials: { apiToken: token } });
  });

  it('puts the connection back to normal, and says what it was', async () => {
    const since = '2026-03-01T12:00:00.000Z';
    await putPace(cli.test, 'encharge', rejected(undefined, Date.parse(since)));
    const { code, err } = await cli.deployed(['connect', 'encharge'], cli.test.encharge.token);
    expect({ code, err }).toEqual({
      code: 0,
      err: expect.stringMatching(`^Until now: since ${since} the CRM rejects the API token, .*; 0 wait\\.\n`),
    });
    expect(await paceStateOf(cli.test, 'encharge')).toBeUndefined();
  });

  it('leaves it as it is when the new token is rejected too', async () => {
    const state = rejected(undefined, Date.now());
    await putPace(cli.test, 'encharge', state);
    expect((await cli.deployed(['connect', 'encharge'], 'not-its-token')).code).toBe(1);
    expect(await paceStateOf(cli.test, 'encharge')).toMatchObject({ access: state.access });
    expect((await cli.deployed(['connect', 'encharge'], cli.test.encharge.token)).code).toBe(0);
  });

  it('stores no token that the CRM rejects', async () => {
    const { code, out, err } = await cli.deployed(['connect', 'encharge'], 'not-its-token');
    expect({ code, out, err }).toEqual({
      code: 1,
      out: '',
      err: 'Encharge rejects the API token. Nothing was stored.\n',
    });
    expect(await stored()).toEqual({ accessKeys, credentials: { apiToken: '' } });
  });

  it('stores it unasked with --no-test', async () => {
    const args = ['connect', 'encharge', '--no-test', '--json'];
    const { code, out } = await cli.local(args, 'not-its-token');
    expect({ code, lines: jsonLines(out) }).toEqual({
      code: 0,
      lines: [{ connection: 'encharge', stored: true, tested: false }],
    });
    expect(await stored()).toEqual({ accessKeys, credentials: { apiToken: 'not-its-token' } });
  });

  it('says that the CRM does not answer', async () => {
    const env = { ...cli.stage.env, USHER_CRM_URLS: '{"encharge":"http://127.0.0.1:1/"}' };
    const { code, err } = await cli.deployed(['connect', 'encharge'], 'some-token', env);
    expect({ code, err }).toEqual({
      code: 1,
      err: 'Encharge does not answer at 127.0.0.1:1. Nothing was stored.\n',
    });
  });

  it('says that something else answers', async () => {
    const { port } = new URL(cli.test.stack.webhook);
    const env = { ...cli.stage.env, USHER_CRM_URLS: `{"encharge":"http://127.0.0.1:${port}/crm/"}` };
    const { code, err } = await cli.deployed(['connect', 'encharge'], 'some-token', env);
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('does not answer as the API of') });
  });

  it.each([
    [['connect', 'encharge'], undefined, 1, 'No token was given. Nothing was stored.'],
    [['connect', 'encharge'], ' \n', 1, 'No token was given. Nothing was stored.'],
    [['connect', 'encharge'], 'two words', 1, 'A token is one word'],
    [['connect', 'hubspot'], 'token', 2, 'There is no connection "hubspot"'],
    [['connect'], 'token', 2, "missing required argument 'connection'"],
  ])('%j with %j ends with %i', async (args, input, exitCode, message) => {
    const { code, out, err } = await cli.local(args, input);
    expect({ code, out, err }).toEqual({ code: exitCode, out: '', err: expect.stringContaining(message) });
    expect(await stored()).toEqual({ accessKeys, credentials: { apiToken: '' } });
  });

  it('refuses base URLs that would send the token in the clear', async () => {
    const env = { ...cli.stage.env, USHER_CRM_URLS: '{"encharge":"http://crm.example.com/"}' };
    const { code, err } = await cli.deployed(['connect', 'encharge'], 'some-token', env);
    expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(/^USHER_CRM_URLS must be .*\n$/) });
  });
});
