import { Readable } from 'node:stream';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from '@jest/globals';
import { createAwsClients } from '../../../functions/runtime/aws-clients.ts';
import { Sha256 } from '../../../functions/runtime/sha256.ts';

const { documents, sqs, ses, secrets } = createAwsClients(() => ({ region: 'eu-west-1' }));
const clients = { documents, sqs, ses, secrets };
const logs = (client: { middlewareStack: { identify(): string[] } }) =>
  client.middlewareStack.identify().some((name) => name.startsWith('loggerMiddleware'));

describe('the clients of AWS', () => {
  it('still have a middleware that logs, under this name, unless it is taken out', () => {
    expect(logs(new DynamoDBClient({ region: 'eu-west-1' }))).toBe(true);
  });

  it.each(Object.entries(clients))('prepare nothing for a log: %s', (_, client) => {
    expect(logs(client)).toBe(false);
  });

  it.each(Object.entries(clients))('sign and read answers the cheap way: %s', async (_, { config }) => {
    expect(config.sha256).toBe(Sha256);
    const answer = Readable.from([Buffer.from('an '), Buffer.from('answer')]);
    // The SDK's own would.
    answer.pipe = () => {
      throw new Error('piped');
    };
    expect(Buffer.from(await config.streamCollector(answer)).toString()).toBe('an answer');
  });
});
