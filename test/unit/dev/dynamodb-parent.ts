import { startDynamoDb } from '../../../lib/dev/dynamodb.ts';

/** Starts DynamoDB Local, says where it is, and waits to be killed. */
const [dataDir = ''] = process.argv.slice(2);
const { endpoint, pid } = await startDynamoDb({ dataDir });
process.stdout.write(`${JSON.stringify({ endpoint, pid })}\n`);
