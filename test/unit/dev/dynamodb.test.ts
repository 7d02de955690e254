import { networkInterfaces } from 'node:os';
import { DescribeTableCommand, DynamoDBClient, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createTable, type DynamoDb, startDynamoDb } from '../../../lib/dev/dynamodb.ts';
import { localClient } from '../../../lib/dev/local-client.ts';
import { canConnect, isRunning, processGroup } from './processes.ts';

const table = 'usher-test';
const clients: DynamoDBClient[] = [];

function clientFor(endpoint: string): DynamoDBClient {
  const client = new DynamoDBClient(localClient(endpoint));
  clients.push(client);
  return client;
}

const item = { pk: { S: 'USER#1' }, sk: { S: 'USER' }, email: { S: 'ada@example.com' } };

afterEach(() => {
  for (const client of clients.splice(0)) client.destroy();
});

describe('startDynamoDb', () => {
  let dynamodb: DynamoDb;

  beforeAll(async () => {
    dynamodb = await startDynamoDb();
  });

  afterAll(async () => {
    await dynamodb.stop();
    await dynamodb.stop();
    expect(isRunning(dynamodb.pid)).toBe(false);
  });

  it('serves the table, which may be created again', async () => {
    const client = clientFor(dynamodb.endpoint);
    await createTable(client, table);
    await createTable(client, table);

    const { Table } = await client.send(new DescribeTableCommand({ TableName: table }));
    expect(Table).toMatchObject({
      TableStatus: 'ACTIVE',
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    });
  });

  it('knows transactions and their conditions', async () => {
    const client = clientFor(dynamodb.endpoint);
    await createTable(client, table);
    const create = new TransactWriteItemsCommand({
      TransactItems: [
        { Put: { TableName: table, Item: item, ConditionExpression: 'attribute_not_exists(pk)' } },
      ],
    });
    await client.send(create);

    await expect(client.send(create)).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      CancellationReasons: [{ Code: 'ConditionalCheckFailed' }],
    });
  });

  it('hands on what went wrong when a table cannot be created', async () => {
    await expect(createTable(clientFor(dynamodb.endpoint), 'x')).rejects.toThrow('table');
  });

  it('shows all clients the same tables, whatever their region and key', async () => {
    await createTable(clientFor(dynamodb.endpoint), table);
    const stranger = new DynamoDBClient({
      region: 'us-east-1',
      endpoint: dynamodb.endpoint,
      credentials: { accessKeyId: 'other', secretAccessKey: 'other' },
    });
    clients.push(stranger);

    const { Table } = await stranger.send(new DescribeTableCommand({ TableName: table }));
    expect(Table?.TableName).toBe(table);
  });

  it("is out of reach of the terminal's Ctrl-C, so that it is there until it is stopped", async () => {
    expect(await processGroup(dynamodb.pid)).toBe(dynamodb.pid);
  });

  it('listens on the loopback address only', async () => {
    const port = Number(new URL(dynamodb.endpoint).port);
    const others = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4')
      .map(({ address }) => address);

    expect(await canConnect('127.0.0.1', port)).toBe(true);
    expect(await Promise.all([...others, '127.0.0.2'].map((host) => canConnect(host, port)))).not.toContain(
      true,
    );
  });
});
