import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startConnections } from '../../lib/dev/local-connections.ts';
import { LocalStackError } from '../../lib/dev/local-stack-error.ts';
import config from '../../usher.config.ts';
import { startTestStack } from '../support/test-stack.ts';
import { request } from '../support/webhook.ts';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'usher-data-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

const start = () => startTestStack({ dataDir, withPoller: false });

describe('with a data folder', () => {
  it('rotated keys and a new token are there after a restart', async () => {
    const first = await start();
    const old = String(first.stack.connections['encharge']?.accessKey);
    const other = first.stack.connections['userengage'];
    const secret = { accessKeys: [old, `next-${old}`], apiToken: 'another-fake-token' };
    await first.stack.services.secrets.send(
      new PutSecretValueCommand({
        SecretId: first.stack.secretIds['encharge'],
        SecretString: JSON.stringify(secret),
      }),
    );
    await first.stop();

    const second = await start();
    expect(second.stack.connections['encharge']).toMatchObject({
      accessKeys: secret.accessKeys,
      credentials: { apiToken: secret.apiToken },
      accessKey: `next-${old}`,
    });
    expect(second.stack.connections['userengage']?.accessKey).toBe(other?.accessKey);
    for (const access_key of secret.accessKeys) {
      const { status } = await request(second, { query: { wpf_action: 'test', access_key } });
      expect(status).toBe(200);
    }
    await second.stop();
    const file = await stat(join(dataDir, 'secrets.json'));
    expect((file.mode & 0o777).toString(8)).toBe('600');
  });

  it.each([
    ['no JSON', '{'],
    ['no secrets', '[]'],
    ['a secret that is none', '{"usher/local/encharge":"{}"}'],
  ])('a file with %s is not overwritten', async (_name, content) => {
    await writeFile(join(dataDir, 'secrets.json'), content);
    const connections = startConnections(config, { crmUrls: {}, tokens: {}, dataDir });
    await expect(connections).rejects.toThrow(LocalStackError);
    expect(await readFile(join(dataDir, 'secrets.json'), 'utf8')).toBe(content);
  });
});
