import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from '@jest/globals';
import { createTable, type DynamoDb, startDynamoDb } from '../../../lib/dev/dynamodb.ts';
import { localClient } from '../../../lib/dev/local-client.ts';
import { followTable, type Written } from '../../../lib/dev/table-stream.ts';
import { folder, useFolder } from '../../support/folder.ts';
import { isRunning, startScript, until } from './processes.ts';

const table = 'usher-test';
const item = { pk: { S: 'USER#1' }, sk: { S: 'USER' }, email: { S: 'ada@example.com' } };

function clientFor({ endpoint }: Pick<DynamoDb, 'endpoint'>): DynamoDBClient {
  return new DynamoDBClient(localClient(endpoint));
}

/** The first write that the table's stream tells of. */
async function firstWrite(endpoint: string): Promise<Written> {
  const ending = new AbortController();
  const { promise, resolve, reject } = Promise.withResolvers<Written>();
  const following = followTable(endpoint, table, { told: resolve, onError: reject }, ending.signal);
  following.catch(reject);
  try {
    return await promise;
  } finally {
    ending.abort();
    await following;
  }
}

useFolder();

describe('startDynamoDb on disk', () => {
  it('ends with the process that started it, even when that one is killed, and has kept what was written', async () => {
    const dataDir = join(folder, 'new', 'dynamodb');
    const parent = await startScript('dynamodb-parent.ts', [dataDir]);
    const first = JSON.parse(parent.line) as DynamoDb;
    const before = clientFor(first);
    await createTable(before, table);
    await before.send(new PutItemCommand({ TableName: table, Item: item }));
    before.destroy();

    await parent.kill();
    await until(() => !isRunning(first.pid));

    const second = await startDynamoDb({ dataDir });
    const after = clientFor(second);
    try {
      // The console wants to know of each write, which a table of an earlier release did not tell.
      await createTable(after, table, true);
      const Key = { pk: item.pk, sk: item.sk };
      const { Item } = await after.send(new GetItemCommand({ TableName: table, Key }));
      expect(Item).toEqual(item);
      await after.send(
        new PutItemCommand({ TableName: table, Item: { ...item, email: { S: 'b@example.com' } } }),
      );
      expect(await firstWrite(second.endpoint)).toMatchObject({
        userId: '1',
        before: { email: 'ada@example.com' },
        after: { email: 'b@example.com' },
      });
    } finally {
      after.destroy();
      await second.stop();
    }
  });
});
