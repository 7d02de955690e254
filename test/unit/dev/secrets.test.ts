import {
  BatchGetSecretValueCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { localClient } from '../../../lib/dev/local-client.ts';
import { type Secrets, startSecrets } from '../../../lib/dev/secrets.ts';

let secrets: Secrets;
let client: SecretsManagerClient;

beforeEach(async () => {
  secrets = await startSecrets({ 'usher/one': 'fake-value-1', 'usher/two': 'fake-value-2' });
  client = new SecretsManagerClient(localClient(secrets.endpoint));
});

afterEach(async () => {
  client.destroy();
  await secrets.stop();
});

describe('startSecrets', () => {
  it('answers a value, by name and by ARN', async () => {
    const byName = await client.send(new GetSecretValueCommand({ SecretId: 'usher/one' }));
    expect(byName).toMatchObject({
      Name: 'usher/one',
      SecretString: 'fake-value-1',
      VersionStages: ['AWSCURRENT'],
    });
    expect(byName.CreatedDate?.getTime()).toBeGreaterThan(Date.now() - 60_000);

    const byArn = await client.send(new GetSecretValueCommand({ SecretId: byName.ARN }));
    expect(byArn.SecretString).toBe('fake-value-1');
    expect(secrets.requests).toBe(2);
  });

  it.each([
    { name: 'GetSecretValue', command: new GetSecretValueCommand({ SecretId: 'usher/none' }) },
    { name: 'DescribeSecret', command: new DescribeSecretCommand({ SecretId: 'usher/none' }) },
    {
      name: 'GetSecretValue of the previous version',
      command: new GetSecretValueCommand({ SecretId: 'usher/one', VersionStage: 'AWSPREVIOUS' }),
    },
    {
      name: 'PutSecretValue',
      command: new PutSecretValueCommand({ SecretId: 'usher/none', SecretString: 'fake' }),
    },
  ])('$name says that there is no such secret', async ({ command }) => {
    const error: unknown = await client.send(command as GetSecretValueCommand).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ResourceNotFoundException);
    expect(error).toMatchObject({ message: "Secrets Manager can't find the specified secret." });
    expect(secrets.requests).toBe(1);
  });

  it('answers several values at once, and which are missing', async () => {
    const answer = await client.send(
      new BatchGetSecretValueCommand({ SecretIdList: ['usher/two', 'usher/none', 'usher/one'] }),
    );
    expect(answer.SecretValues).toMatchObject([
      { Name: 'usher/two', SecretString: 'fake-value-2' },
      { Name: 'usher/one', SecretString: 'fake-value-1' },
    ]);
    expect(answer.Errors).toMatchObject([{ SecretId: 'usher/none', ErrorCode: 'ResourceNotFoundException' }]);
  });

  it.each([
    {
      by: 'PutSecretValue',
      change: () =>
        client.send(new PutSecretValueCommand({ SecretId: 'usher/one', SecretString: 'changed' })),
    },
    { by: 'set', change: () => Promise.resolve(secrets.set('usher/one', 'changed')) },
  ])('makes a new version of a secret changed by $by', async ({ change }) => {
    const before = await client.send(new DescribeSecretCommand({ SecretId: 'usher/one' }));
    await change();

    const after = await client.send(new GetSecretValueCommand({ SecretId: 'usher/one' }));
    expect(after.SecretString).toBe('changed');
    expect(Object.keys(before.VersionIdsToStages ?? {})).not.toContain(after.VersionId);
  });

  it('answers what it does not know with an error', async () => {
    await expect(client.send(new ListSecretsCommand({}))).rejects.toThrow('ListSecrets is not known');
    const broken = await fetch(secrets.endpoint, { method: 'POST', body: '{' });
    expect(broken.status).toBe(400);
  });
});
