import { describe, expect, it } from '@jest/globals';
import { failedMessageIds, toSqsEvent } from '../../../lib/dev/sqs-event.ts';

const arn = 'arn:aws:sqs:eu-west-1:000000000000:usher-jobs.fifo';

describe('toSqsEvent', () => {
  it('is the event Lambda sends', () => {
    const attributes = {
      ApproximateReceiveCount: '3',
      SentTimestamp: '1584039838390',
      SenderId: '000000000000',
      ApproximateFirstReceiveTimestamp: '1584039838391',
      SequenceNumber: '00000000000000000001',
      MessageGroupId: 'group',
      MessageDeduplicationId: 'once',
    };
    const event = toSqsEvent(
      [
        {
          MessageId: 'id',
          ReceiptHandle: 'handle',
          Body: 'body',
          MD5OfBody: 'md5',
          Attributes: attributes,
          MessageAttributes: {
            text: { DataType: 'String', StringValue: 'a' },
            bytes: { DataType: 'Binary', BinaryValue: Buffer.from('abc') },
          },
        },
      ],
      arn,
    );

    expect(event).toEqual({
      Records: [
        {
          messageId: 'id',
          receiptHandle: 'handle',
          body: 'body',
          attributes,
          messageAttributes: {
            text: { dataType: 'String', stringValue: 'a', stringListValues: [], binaryListValues: [] },
            bytes: { dataType: 'Binary', binaryValue: 'YWJj', stringListValues: [], binaryListValues: [] },
          },
          md5OfBody: 'md5',
          eventSource: 'aws:sqs',
          eventSourceARN: arn,
          awsRegion: 'eu-west-1',
        },
      ],
    });
  });
});

describe('failedMessageIds', () => {
  const sent = new Set(['a', 'b']);

  it.each([
    { name: 'nothing', result: undefined, failed: [] },
    { name: 'null', result: null, failed: [] },
    { name: 'an object of another kind', result: {}, failed: [] },
    { name: 'no list', result: { batchItemFailures: null }, failed: [] },
    { name: 'an empty list', result: { batchItemFailures: [] }, failed: [] },
    { name: 'one failure', result: { batchItemFailures: [{ itemIdentifier: 'b' }] }, failed: ['b'] },
    { name: 'an unknown id', result: { batchItemFailures: [{ itemIdentifier: 'x' }] }, failed: ['a', 'b'] },
    { name: 'an empty id', result: { batchItemFailures: [{ itemIdentifier: '' }] }, failed: ['a', 'b'] },
    { name: 'a null id', result: { batchItemFailures: [{ itemIdentifier: null }] }, failed: ['a', 'b'] },
    { name: 'a wrong key', result: { batchItemFailures: [{ messageId: 'a' }] }, failed: ['a', 'b'] },
    { name: 'a list of text', result: { batchItemFailures: ['a'] }, failed: ['a', 'b'] },
    { name: 'no list at all', result: { batchItemFailures: 'a' }, failed: ['a', 'b'] },
    { name: 'text', result: 'ok', failed: ['a', 'b'] },
  ])('takes $name for the failure of $failed', ({ result, failed }) => {
    expect([...failedMessageIds(result, sent)]).toEqual(failed);
  });
});
