import { setTimeout } from 'node:timers/promises';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Credentials, SignIn } from '../../functions/crm/connector.ts';
import { createKeyRing } from '../../functions/runtime/key-ring.ts';
import { type SignInPorts, signedIn, signInKey } from '../../functions/runtime/signed-in.ts';
import { type Secrets, startSecrets } from '../../lib/dev/secrets.ts';
import { startTable, type TestTable } from './store.ts';

let secrets: Secrets;
let client: SecretsManagerClient;
let table: TestTable;
beforeAll(async () => {
  table = await startTable();
  secrets = await startSecrets({});
  client = new SecretsManagerClient({
    endpoint: secrets.endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
  });
});
afterAll(async () => {
  table.stop();
  client.destroy();
  await secrets.stop();
});

const key = 'k'.repeat(43);
const base = { accessKeys: [key], apiToken: 'a-client-secret', refreshToken: 'a-refresh-token' };
const now = () => table.time;
const inAnHour = () => new Date(now().getTime() + 3_600_000);

let count = 0;

/** A connection of its own, and what several functions would have for it: each its own key ring. */
function connection(stored: Record<string, unknown> = {}) {
  count += 1;
  const [name, secretId] = [`crm-${count}`, `usher/crm-${count}`];
  secrets.set(secretId, JSON.stringify({ ...base, ...stored }));
  const ports = (): SignInPorts => ({
    keyRing: createKeyRing({
      secrets: client,
      secretIds: { [name]: secretId },
      now,
      onProblem: (_connection, error) => {
        throw error;
      },
    }),
    secrets: client,
    now,
    table,
    connection: name,
    secretId,
    sleep: () => setTimeout(5),
    onProblem: (error) => {
      throw error;
    },
  });
  const kept = async (): Promise<unknown> => {
    const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
    return JSON.parse(SecretString);
  };
  return { name, ports, kept };
}

/** A vendor that counts its sign-ins, and whose refresh tokens are good for one use. */
function vendor() {
  const used: string[] = [];
  const fetchToken = async ({ refreshToken = '' }: Credentials): Promise<SignIn> => {
    used.push(refreshToken);
    await setTimeout(20);
    const number = used.length;
    return {
      accessToken: `access-${number}`,
      expiresInSeconds: 3600,
      changed: { refreshToken: `refresh-${number}` },
    };
  };
  return { used, fetchToken };
}

describe('a token that ends', () => {
  it('is fetched by one function, however many need it, and stored with what changed', async () => {
    const { ports, kept } = connection();
    const { used, fetchToken } = vendor();
    const all = await Promise.all(Array.from({ length: 8 }, () => signedIn(ports(), fetchToken, undefined)));
    expect(used).toEqual(['a-refresh-token']);
    for (const { accessToken, refreshToken } of all)
      expect([accessToken, refreshToken]).toEqual(['access-1', 'refresh-1']);
    expect(await kept()).toEqual({
      accessKeys: [key],
      apiToken: 'a-client-secret',
      refreshToken: 'refresh-1',
      accessToken: 'access-1',
      accessTokenSince: now().toISOString(),
      accessTokenEnds: inAnHour().toISOString(),
    });
  });

  it('is not fetched while the stored one is good', async () => {
    const { ports } = connection({ accessToken: 'kept', accessTokenEnds: inAnHour().toISOString() });
    const { used, fetchToken } = vendor();
    expect(await signedIn(ports(), fetchToken, undefined)).toMatchObject({ accessToken: 'kept' });
    expect(used).toEqual([]);
  });

  it.each([
    ['has ended', { accessToken: 'old', accessTokenEnds: '2020-01-01T00:00:00.000Z' }, undefined],
    ['ends while the call is under way', undefined, undefined],
    ['was refused', undefined, 'old'],
    ['has no readable end', { accessToken: 'old', accessTokenEnds: 'soon' }, undefined],
  ])('is fetched anew when it %s', async (name, stored, rejected) => {
    const ends = name.includes('under way') ? new Date(now().getTime() + 30_000) : inAnHour();
    const { ports } = connection(stored ?? { accessToken: 'old', accessTokenEnds: ends.toISOString() });
    const { fetchToken } = vendor();
    expect(await signedIn(ports(), fetchToken, rejected)).toMatchObject({ accessToken: 'access-1' });
  });

  it('is left to whoever fetches it, for half a minute', async () => {
    const { name, ports } = connection();
    const { used, fetchToken } = vendor();
    const until = now().getTime() + 30_000;
    await table.documents.send(
      new PutCommand({ TableName: table.name, Item: { ...signInKey(name), until, expires: 0 } }),
    );
    const patience = [1, 2, 3];
    const sleep = () => (patience.pop() ? Promise.resolve() : Promise.reject(new Error('no more time')));
    await expect(signedIn({ ...ports(), sleep }, fetchToken, undefined)).rejects.toMatchObject({
      code: 'crm_unavailable',
      retryable: true,
    });
    expect(used).toEqual([]);
    const later = () => new Date(until + 1);
    const dead = { ...ports(), now: later, table: { ...table, now: later } };
    expect(await signedIn(dead, fetchToken, undefined)).toMatchObject({ accessToken: 'access-1' });
  });

  it('that is younger than a minute is not fetched again because somebody was refused', async () => {
    const { ports } = connection();
    const { used, fetchToken } = vendor();
    await signedIn(ports(), fetchToken, undefined);
    expect(await signedIn(ports(), fetchToken, 'access-1')).toMatchObject({ accessToken: 'access-1' });
    expect(used).toHaveLength(1);
  });

  it('waits for its secret while that cannot be read', async () => {
    const { ports } = connection();
    const { fetchToken } = vendor();
    const broken = { ...ports(), secretId: 'usher/nowhere' };
    await expect(signedIn(broken, fetchToken, undefined)).rejects.toMatchObject({
      code: 'aws_unavailable',
      retryable: true,
    });
  });

  it('that cannot be fetched locks nobody out', async () => {
    const { ports } = connection();
    const { fetchToken } = vendor();
    const failing = () => Promise.reject(new Error('the vendor is down'));
    await expect(signedIn(ports(), failing, undefined)).rejects.toThrow('the vendor is down');
    expect(await signedIn(ports(), fetchToken, undefined)).toMatchObject({ accessToken: 'access-1' });
  });
});
