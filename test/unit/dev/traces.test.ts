import { expect, it } from '@jest/globals';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { toSqsEvent } from '../../../lib/dev/sqs-event.ts';
import { createTraces } from '../../../lib/dev/traces.ts';

it('tells the calls of one job of a batch from those of another', async () => {
  const traces = createTraces(() => []);
  const call = traces.transport(() => Promise.resolve({ status: 200, headers: {}, body: '{}' }));
  const handler = traces.handler(async ({ Records }: SQSEvent): Promise<SQSBatchResponse> => {
    for (const { body } of Records) {
      const { requestId } = JSON.parse(body) as { requestId: string };
      const url = new URL(`https://crm.example.com/${requestId}`);
      await call({ method: 'GET', url, headers: {} }, AbortSignal.timeout(1000));
    }
    return { batchItemFailures: Records.slice(1).map(({ messageId }) => ({ itemIdentifier: messageId })) };
  });
  const message = (requestId: string) => ({ MessageId: requestId, Body: JSON.stringify({ requestId }) });
  const event = toSqsEvent(['one', 'two'].map(message), 'arn:aws:sqs:eu-west-1:000000000000:jobs.fifo');
  expect(await handler(event)).toEqual({ batchItemFailures: [] });
  for (const id of ['one', 'two'])
    expect(traces.of(id)?.calls.map(({ url }) => url)).toEqual([`https://crm.example.com/${id}`]);
});
