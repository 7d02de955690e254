import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bundleFunction } from '../../lib/bundle/bundle.ts';
import { closeServer, listenOnLoopback } from '../../lib/dev/loopback-server.ts';
import type { AwsErrorsApi } from '../support/aws-errors-process.ts';
import { type RemoteProcess, startRemote } from '../support/remote-process.ts';

type Call = Parameters<AwsErrorsApi['errorOf']>[0];
interface Answer {
  status: number;
  headers?: Record<string, string>;
  body: string;
}

const script = 'test/support/aws-errors-process.ts';
let folder: string;
let server: Server;
let answer: Answer;
let requests = 0;
let built: RemoteProcess<AwsErrorsApi>;
let plain: RemoteProcess<AwsErrorsApi>;

beforeAll(async () => {
  server = createServer((request, response) => {
    requests += 1;
    request.resume().once('end', () => {
      response.writeHead(answer.status, { 'x-amzn-requestid': 'r', ...answer.headers }).end(answer.body);
    });
  });
  const endpoint = `http://127.0.0.1:${await listenOnLoopback(server, 0, 'AWS')}`;
  const env = {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL: endpoint,
    USHER_QUEUE_URL: `${endpoint}/000000000000/usher-jobs.fifo`,
  };
  folder = await mkdtemp(join(tmpdir(), 'usher-bundle-'));
  await bundleFunction(folder, undefined, script);
  built = await startRemote<AwsErrorsApi>(join(folder, 'index.mjs'), { env });
  plain = await startRemote<AwsErrorsApi>(join(import.meta.dirname, '../..', script), { env });
});
afterAll(async () => {
  await built.stop();
  await plain.stop();
  await closeServer(server);
  await rm(folder, { recursive: true, force: true });
});

/** As DynamoDB answers. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html */
const dynamodb = (error: string, more: object = {}, status = 400): Answer => ({
  status,
  body: JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${error}`, message: 'No.', ...more }),
});

/** As SQS answers. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-making-api-requests-json.html */
const sqs = (error: string, query: string): Answer => ({
  status: 400,
  headers: { 'x-amzn-query-error': `${query};Sender` },
  body: JSON.stringify({ __type: `com.amazonaws.sqs#${error}`, message: 'No.' }),
});

/** As SES answers. https://docs.aws.amazon.com/ses/latest/APIReference/CommonErrors.html */
const ses = (code: string, status = 400): Answer => ({
  status,
  body: `<ErrorResponse xmlns="http://ses.amazonaws.com/doc/2010-12-01/"><Error><Type>Sender</Type><Code>${code}</Code><Message>No.</Message></Error><RequestId>r</RequestId></ErrorResponse>`,
});

const secrets = (error: string): Answer => ({
  status: 400,
  body: JSON.stringify({ __type: error, Message: 'No.' }),
});

const item = { pk: { S: 'USER#1' }, sk: { S: 'USER' }, fields: { M: { a: { N: '1' } } } };
const reasons = [
  { Code: 'None' },
  { Code: 'ConditionalCheckFailed', Message: 'No.', Item: item },
  { Code: 'TransactionConflict', Message: 'No.' },
];

describe('an error of AWS in the built function is what it is outside of it', () => {
  it.each<[expected: object, call: Call, answer: Answer]>([
    [
      { name: 'ConditionalCheckFailedException', isConditionFailure: true, isConflict: true, item },
      'update',
      dynamodb('ConditionalCheckFailedException', { Item: item }),
    ],
    [
      { name: 'TransactionCanceledException', reasons: reasons.map(({ Code }) => Code), isConflict: true },
      'transaction',
      dynamodb('TransactionCanceledException', { Message: 'No.', CancellationReasons: reasons }),
    ],
    [
      { name: 'TransactionConflictException', isConflict: true },
      'update',
      dynamodb('TransactionConflictException'),
    ],
    [
      { name: 'TransactionInProgressException', isConflict: true, attempts: 4 },
      'transaction',
      dynamodb('TransactionInProgressException'),
    ],
    [
      { name: 'ProvisionedThroughputExceededException', attempts: 4 },
      'get',
      dynamodb('ProvisionedThroughputExceededException'),
    ],
    [{ name: 'ThrottlingException', attempts: 4 }, 'get', dynamodb('ThrottlingException')],
    [{ name: 'RequestLimitExceeded', attempts: 4 }, 'get', dynamodb('RequestLimitExceeded')],
    [
      { name: 'InternalServerError', fault: 'server', attempts: 4 },
      'get',
      dynamodb('InternalServerError', {}, 500),
    ],
    [{ name: 'ResourceNotFoundException', attempts: 1 }, 'get', dynamodb('ResourceNotFoundException')],
    [
      { name: 'ValidationException', attempts: 1 },
      'get',
      {
        status: 400,
        body: JSON.stringify({ __type: 'com.amazon.coral.validate#ValidationException', message: 'No.' }),
      },
    ],
    [{ name: 'RequestThrottled', attempts: 3 }, 'message', sqs('RequestThrottled', 'RequestThrottled')],
    [{ code: 'mail_refused', cause: 'MessageRejected' }, 'mail', ses('MessageRejected')],
    [
      { code: 'mail_refused', cause: 'MailFromDomainNotVerifiedException' },
      'mail',
      ses('MailFromDomainNotVerifiedException'),
    ],
    [
      { code: 'mail_refused', cause: 'ConfigurationSetDoesNotExistException' },
      'mail',
      ses('ConfigurationSetDoesNotExist'),
    ],
    [
      { code: 'mail_refused', cause: 'ConfigurationSetSendingPausedException' },
      'mail',
      ses('ConfigurationSetSendingPausedException'),
    ],
    [
      { code: 'mail_refused', cause: 'AccountSendingPausedException' },
      'mail',
      ses('AccountSendingPausedException'),
    ],
    [{ code: 'mail_refused', cause: 'InvalidParameterValue' }, 'mail', ses('InvalidParameterValue')],
    [{ code: 'aws_unavailable', name: 'Throttling', attempts: 1 }, 'mail', ses('Throttling')],
    [{ code: 'aws_unavailable', fault: 'server', attempts: 1 }, 'mail', ses('ServiceUnavailable', 503)],
    [{ name: 'ResourceNotFoundException' }, 'secret', secrets('ResourceNotFoundException')],
    [{ name: 'DecryptionFailure' }, 'secret', secrets('DecryptionFailure')],
    [{ name: 'AccessDeniedException' }, 'secret', secrets('AccessDeniedException')],
  ])('%j', async (expected, call, given) => {
    answer = given;
    requests = 0;
    const inside = await built.call('errorOf', call);
    const made = requests;
    expect(inside).toMatchObject({ isError: true, ...expected });
    expect(inside).toEqual(await plain.call('errorOf', call));
    expect(requests).toBe(2 * made);
  });

  it('has the name that the service gives it, where nobody asks for the SDK’s', async () => {
    answer = sqs('QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue');
    const { name, ...inside } = Object(await built.call('errorOf', 'message'));
    const outside = Object(await plain.call('errorOf', 'message'));
    expect(name).toBe('AWS.SimpleQueueService.NonExistentQueue');
    expect({ name: 'QueueDoesNotExist', ...inside }).toEqual(outside);
  });
});
