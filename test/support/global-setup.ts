import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DynamoDb, startDynamoDb } from '../../lib/dev/dynamodb.ts';

declare global {
  var sharedDynamoDb: DynamoDb | undefined;
}

/** One DynamoDB Local for all test files; each makes tables of its own. */
export default async function setUp(): Promise<void> {
  globalThis.sharedDynamoDb = await startDynamoDb();
  process.env['TEST_DYNAMODB'] = globalThis.sharedDynamoDb.endpoint;
  process.env['TEST_LOGS'] = await mkdtemp(join(tmpdir(), 'usher-test-logs-'));
}
