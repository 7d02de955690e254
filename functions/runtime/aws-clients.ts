import type { Readable } from 'node:stream';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { readStream } from '../read-stream.ts';
import { lateSes, type Ses } from './late-ses.ts';
import { Sha256 } from './sha256.ts';

/** The AWS services the function talks to. */
export interface AwsClients {
  documents: DynamoDBDocumentClient;
  sqs: SQSClient;
  ses: Ses;
  secrets: SecretsManagerClient;
}

export type AwsService = 'dynamodb' | 'sqs' | 'ses' | 'secretsmanager';

/** AWS answers within milliseconds, or the next try does. In milliseconds. */
const requestHandler = { connectionTimeout: 1000, requestTimeout: 3000, throwOnRequestTimeout: true };

/**
 * A mail whose answer was lost may have been sent: the job decides when to try again, not the SDK. And each has a
 * connection of its own, because one that was kept may be closed by the time it is used again.
 */
const sendOnce = {
  maxAttempts: 1,
  requestHandler: { ...requestHandler, httpAgent: { keepAlive: false }, httpsAgent: { keepAlive: false } },
};

/** In place of the SDK's own, for what they cost each request. */
const lean = { sha256: Sha256, streamCollector: (stream: Readable) => readStream(stream) };

interface SdkClient {
  middlewareStack: { remove(name: string): boolean };
}

/**
 * For its log the SDK copies every attribute of every request and answer, whether there is a log or not. And personal data
 * has no way into a log that is not there. The header that tells AWS which SDK we use is made anew for each request, and read by nobody.
 */
function withoutExtras<Client extends SdkClient>(client: Client): Client {
  client.middlewareStack.remove('loggerMiddleware');
  client.middlewareStack.remove('getUserAgentMiddleware');
  return client;
}

/**
 * One client per service. On AWS they find region, credentials and endpoints by themselves.
 *
 * @param optionsOf what the local stack sets: endpoints on this machine, made-up credentials
 */
export function createAwsClients(optionsOf: (service: AwsService) => object = () => ({})): AwsClients {
  const options = (service: AwsService) => ({ ...lean, requestHandler, ...optionsOf(service) });
  return {
    documents: DynamoDBDocumentClient.from(withoutExtras(new DynamoDBClient(options('dynamodb'))), {
      marshallOptions: { removeUndefinedValues: true },
    }),
    sqs: withoutExtras(new SQSClient(options('sqs'))),
    ses: lateSes(async () => {
      const { createSesClient } = await import('./ses-client.ts');
      return withoutExtras(createSesClient({ ...options('ses'), ...sendOnce }));
    }),
    secrets: withoutExtras(new SecretsManagerClient(options('secretsmanager'))),
  };
}
