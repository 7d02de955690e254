import { randomUUID } from 'node:crypto';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import type { SQSBatchResponse } from 'aws-lambda';
import { createLambdaContext } from '../../lib/dev/lambda-context.ts';
import { toSqsEvent } from '../../lib/dev/sqs-event.ts';
import type { TestStack } from '../support/test-stack.ts';

/** One message as a queue hands it out, or undefined when it hands out none. */
export async function receive({ stack }: TestStack, QueueUrl: string): Promise<Message | undefined> {
  const command = new ReceiveMessageCommand({ QueueUrl, MessageSystemAttributeNames: ['All'] });
  return (await stack.services.sqs.send(command)).Messages?.[0];
}

/** Puts any text into the job queue. */
export async function sendText({ stack }: TestStack, MessageBody: string, group: string): Promise<void> {
  await stack.services.sqs.send(
    new SendMessageCommand({
      QueueUrl: stack.queueUrl,
      MessageBody,
      MessageGroupId: group,
      MessageDeduplicationId: randomUUID(),
    }),
  );
}

/** Hands messages to the function as one batch; answers the ids of those that failed. */
export async function handle({ stack }: TestStack, messages: Message[]): Promise<string[]> {
  const event = toSqsEvent(messages, 'arn:aws:sqs:eu-west-1:000000000000:usher-jobs.fifo');
  const result = (await stack.handler(event, createLambdaContext({ timeoutMs: 30_000 }))) as SQSBatchResponse;
  return result.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
}

/** Ends a message's rest, so that the queue hands it out again. */
export async function wake({ stack }: TestStack, { ReceiptHandle }: Message): Promise<void> {
  await stack.services.sqs.send(
    new ChangeMessageVisibilityCommand({ QueueUrl: stack.queueUrl, ReceiptHandle, VisibilityTimeout: 0 }),
  );
}

/** Takes a message out of its queue, as Lambda does when it is done. */
export async function remove(
  { stack }: TestStack,
  QueueUrl: string,
  { ReceiptHandle }: Message,
): Promise<void> {
  await stack.services.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
}
