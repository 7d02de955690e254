import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SESClient } from '@aws-sdk/client-ses';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** The AWS services the function talks to. */
export interface AwsClients {
  documents: DynamoDBDocumentClient;
  sqs: SQSClient;
  ses: SESClient;
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

/**
 * One client per service. On AWS they find region, credentials and endpoints by themselves.
 *
 * @param optionsOf what the local stack sets: endpoints on this machine, made-up credentials
 */
export function createAwsClients(optionsOf: (service: AwsService) => object = () => ({})): AwsClients {
  const options = (service: AwsService) => ({ requestHandler, ...optionsOf(service) });
  return {
    documents: DynamoDBDocumentClient.from(new DynamoDBClient(options('dynamodb')), {
      marshallOptions: { removeUndefinedValues: true },
    }),
    sqs: new SQSClient(options('sqs')),
    ses: new SESClient({ ...options('ses'), ...sendOnce }),
    secrets: new SecretsManagerClient(options('secretsmanager')),
  };
}
