import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { SendEmailCommand } from '@aws-sdk/client-ses';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { GetCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from '@jest/globals';
import { UsherError } from '../../functions/errors.ts';
import { createAwsClients } from '../../functions/runtime/aws-clients.ts';
import { createUser } from '../../functions/users/create.ts';
import { updateUser } from '../../functions/users/update.ts';
import { withoutPasswords } from '../contract/configs.ts';
import { newUser } from '../integration/store.ts';
import { test, useTestStack } from '../support/test-stack.ts';
import { planted, thrownBy, told } from './what-errors-tell.ts';

useTestStack({ config: withoutPasswords, withPoller: false });

describe('errors of AWS may hold what was sent; what leaves the process does not', () => {
  const table = () => test.stack.table;
  const item = () => ({ pk: 'USER#planted', sk: 'USER', ...planted });
  const failures: [string, () => Promise<unknown>][] = [
    [
      'a condition, with the item that was in the way',
      async () => {
        const { documents } = test.stack.services;
        const put = { Put: { TableName: table(), Item: item() } };
        await documents.send(new TransactWriteCommand({ TransactItems: [put] }));
        return documents.send(
          new UpdateCommand({
            TableName: table(),
            Key: { pk: 'USER#planted', sk: 'USER' },
            ConditionExpression: 'attribute_not_exists(pk)',
            UpdateExpression: 'SET #a = :a',
            ExpressionAttributeNames: { '#a': planted.value },
            ExpressionAttributeValues: { ':a': planted.address },
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          }),
        );
      },
    ],
    [
      'a transaction, with the items that were in the way',
      () => {
        const Put = {
          TableName: table(),
          Item: item(),
          ConditionExpression: 'attribute_not_exists(pk)',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
        };
        return test.stack.services.documents.send(new TransactWriteCommand({ TransactItems: [{ Put }] }));
      },
    ],
    [
      'a key that the table has not, which the message quotes',
      () =>
        test.stack.services.documents.send(
          new GetCommand({ TableName: table(), Key: { [planted.value]: planted.address } }),
        ),
    ],
    [
      'a table that is not there',
      () =>
        test.stack.services.documents.send(
          new GetCommand({ TableName: 'planted-token-of-a-crm', Key: item() }),
        ),
    ],
    [
      'a queue that is not there',
      () =>
        test.stack.services.sqs.send(
          new SendMessageCommand({
            QueueUrl: `${test.stack.queueUrl.replace(/[^/]+$/, '')}none.fifo`,
            MessageBody: JSON.stringify(planted),
            MessageGroupId: 'g',
          }),
        ),
    ],
    [
      'a secret that is not there',
      () => test.stack.services.secrets.send(new GetSecretValueCommand({ SecretId: planted.key })),
    ],
    [
      'a mail that is refused',
      () => {
        test.ses.failNext('message-rejected');
        return test.stack.services.ses.send(
          new SendEmailCommand({
            Source: planted.address,
            Destination: { ToAddresses: [planted.address] },
            Message: { Subject: { Data: planted.value }, Body: { Text: { Data: planted.key } } },
          }),
        );
      },
    ],
    [
      'a service that is not there',
      () => {
        const aws = createAwsClients(() => ({
          region: 'eu-west-1',
          endpoint: 'http://127.0.0.1:1',
          credentials: {
            accessKeyId: planted.key,
            secretAccessKey: planted.token,
            sessionToken: planted.password,
          },
          maxAttempts: 1,
        }));
        return aws.documents
          .send(new GetCommand({ TableName: 't', Key: item() }))
          .finally(() => aws.documents.destroy());
      },
    ],
  ];

  it.each(failures)('%s', async (_name, fail) => {
    const error = await thrownBy(fail);
    expect(told(error)).toContain('"name":');
    expect(told(error)).not.toMatch(/planted/i);
    expect(told(new UsherError('mail_refused', 'x', { cause: error }))).not.toMatch(/planted/i);
  });

  it('conflicts of the user store', async () => {
    const user = await createUser(test.users, newUser({ email: planted.address, login: planted.value }));
    const errors = [
      await thrownBy(() => createUser(test.users, newUser({ email: planted.address }))),
      await thrownBy(() => createUser(test.users, newUser({ login: planted.value }))),
      await thrownBy(() =>
        updateUser(test.users, { ...user, version: 7 }, { fields: { note: planted.value } }),
      ),
    ];
    for (const error of errors) expect(told(error)).not.toContain('planted');
  });
});
