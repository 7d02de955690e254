import { Readable } from 'node:stream';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from '@jest/globals';
import { createAwsClients } from '../../../functions/runtime/aws-clients.ts';
import { Sha256 } from '../../../functions/runtime/sha256.ts';

const { documents, sqs, ses, secrets } = createAwsClients(() => ({ region: 'eu-west-1' }));
const clients = { documents, sqs, secrets };
const extras = (client: { middlewareStack: { identify(): string[] } }) =>
  client.middlewareStack
    .identify()
    .flatMap((name) => /^(loggerMiddleware|getUserAgentMiddleware)\b/.exec(name)?.[1] ?? []);

describe('the clients of AWS', () => {
  it('still have a middleware that logs, and one that names the SDK, under these names, unless they are taken out', () => {
    const found = extras(new DynamoDBClient({ region: 'eu-west-1' }));
    expect(found.sort()).toEqual(['getUserAgentMiddleware', 'loggerMiddleware']);
  });

  it.each(Object.entries(clients))('prepare nothing that nobody reads: %s', (_, client) => {
    expect(extras(client)).toEqual([]);
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

  it('may be closed before the one of SES was ever used', () => {
    expect(() => ses.destroy()).not.toThrow();
  });
});
