import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { SendEmailCommand } from '@aws-sdk/client-ses';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { GetCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { toUsherError } from '../../functions/errors.ts';
import { sendMail } from '../../functions/mail/send-mail.ts';
import { createAwsClients } from '../../functions/runtime/aws-clients.ts';
import {
  cancellationReasons,
  isConditionFailure,
  isConflict,
  refusedItem,
} from '../../functions/users/user-table.ts';
import { serveRemote } from './serve-remote.ts';

const { documents, sqs, ses, secrets } = createAwsClients();
const names = { TableName: 'usher', Key: { pk: 'USER#1', sk: 'USER' } };
const mail = new SendEmailCommand({
  Source: 'us@example.com',
  Destination: { ToAddresses: ['ada@example.com'] },
  Message: { Subject: { Data: 'Hello' }, Body: { Text: { Data: 'Hello' } } },
});

const calls = {
  get: () => documents.send(new GetCommand(names)),
  update: () => documents.send(new UpdateCommand({ ...names, UpdateExpression: 'REMOVE a' })),
  transaction: () => documents.send(new TransactWriteCommand({ TransactItems: [{ Delete: names }] })),
  message: () =>
    sqs.send(new SendMessageCommand({ QueueUrl: process.env['USHER_QUEUE_URL'], MessageBody: '{}' })),
  mail: () => sendMail(ses, mail),
  secret: () => secrets.send(new GetSecretValueCommand({ SecretId: 'usher/encharge' })),
};

/** What the function's code sees of an error of AWS. */
function seen(thrown: unknown) {
  const error = thrown as Error & {
    $fault?: string;
    $metadata?: { httpStatusCode?: number; attempts?: number };
  };
  const cause = error.cause as Error | undefined;
  return {
    name: error.name,
    message: error.message,
    cause: cause?.name,
    fault: error.$fault,
    status: error.$metadata?.httpStatusCode,
    attempts: error.$metadata?.attempts,
    isError: Error.isError(error),
    code: toUsherError(error).code,
    reasons: cancellationReasons(error),
    isConflict: isConflict(error),
    isConditionFailure: isConditionFailure(error),
    item: refusedItem(error),
  };
}

export type AwsErrorsApi = {
  errorOf(call: keyof typeof calls): Promise<ReturnType<typeof seen> | undefined>;
};

serveRemote({
  errorOf: (call: keyof typeof calls) => calls[call]().then(() => undefined, seen),
});
