import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { Deployment } from '../../../lib/commands/support/deployment.ts';
import { changeSecret, readSecret } from '../../../lib/commands/support/stored-secret.ts';
import { localClient } from '../../../lib/dev/local-client.ts';
import { type Secrets, startSecrets } from '../../../lib/dev/secrets.ts';

const id = 'usher-encharge';
const [one, two, three] = ['1', '2', '3'].map((digit) => digit.repeat(32)) as [string, string, string];
const text = (accessKeys: string[], apiToken = 'token') => JSON.stringify({ accessKeys, apiToken });

let secrets: Secrets;
let client: SecretsManagerClient;
let deployment: Deployment;
/** Loses the answer to a command of that name. */
let lost: string | undefined;

beforeEach(async () => {
  secrets = await startSecrets({ [id]: text([one]) });
  client = new SecretsManagerClient(localClient(secrets.endpoint));
  lost = undefined;
  const send = async (command: { constructor: { name: string } }) => {
    const answer: unknown = await client.send(command as never);
    if (command.constructor.name === lost) throw new Error('connection reset');
    return answer;
  };
  deployment = {
    config: { connections: { encharge: {} } },
    secretIds: { encharge: id },
    secrets: { send },
  } as unknown as Deployment;
});
afterEach(async () => {
  client.destroy();
  await secrets.stop();
});

const stored = () => readSecret(deployment, 'encharge');

it('commands at the same time lose neither key nor token', async () => {
  await Promise.all([
    changeSecret(deployment, 'encharge', (before) => ({ ...before, credentials: { apiToken: 'new' } })),
    changeSecret(deployment, 'encharge', (before) => ({
      ...before,
      accessKeys: [...before.accessKeys, two],
    })),
    changeSecret(deployment, 'encharge', (before) => ({
      ...before,
      accessKeys: [...before.accessKeys, three],
    })),
  ]);
  const { accessKeys, credentials } = await stored();
  expect([accessKeys.sort(), credentials]).toEqual([[one, two, three], { apiToken: 'new' }]);
});

it('the slower one sees what the faster one wrote between its reading and its writing', async () => {
  const seen: number[] = [];
  await changeSecret(deployment, 'encharge', (before) => {
    if (seen.length === 0) secrets.set(id, text([one, two]));
    seen.push(before.accessKeys.length);
    return { ...before, credentials: { apiToken: 'new' } };
  });
  expect(seen).toEqual([1, 2]);
  expect(await stored()).toEqual({ accessKeys: [one, two], credentials: { apiToken: 'new' } });
});

it('a change that is refused because of the faster one changes nothing', async () => {
  const changing = changeSecret(deployment, 'encharge', (before) => {
    if (before.accessKeys.length > 1) throw new Error('two already');
    secrets.set(id, text([one, two]));
    return { ...before, accessKeys: [one, three] };
  });
  await expect(changing).rejects.toThrow('two already');
  expect(await stored()).toEqual({ accessKeys: [one, two], credentials: { apiToken: 'token' } });
});

it('an answer that is lost makes no second change', async () => {
  lost = 'UpdateSecretVersionStageCommand';
  const changed = await changeSecret(deployment, 'encharge', (before) => ({
    ...before,
    accessKeys: [...before.accessKeys, two],
  }));
  expect(changed).toEqual({ accessKeys: [one, two], credentials: { apiToken: 'token' } });
  expect(await stored()).toEqual(changed);
});

it('ends when the secret never stands still', async () => {
  let changes = 0;
  const changing = changeSecret(deployment, 'encharge', (before) => {
    changes += 1;
    secrets.set(id, text([one], `token ${changes}`));
    return before;
  });
  await expect(changing).rejects.toThrow('Somebody else keeps changing the secret');
  expect((await stored()).credentials.apiToken).toBe(`token ${changes}`);
});

it('further credentials stay, and the stored text is flat', async () => {
  secrets.set(id, JSON.stringify({ accessKeys: [one], apiToken: 'token', webhookSecret: 'secret' }));
  await changeSecret(deployment, 'encharge', (before) => ({ ...before, accessKeys: [one, two] }));
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: id }));
  expect(JSON.parse(SecretString ?? '')).toEqual({
    accessKeys: [one, two],
    apiToken: 'token',
    webhookSecret: 'secret',
  });
});
