import { DeleteMessageCommand, type Message, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import type { SQSBatchResponse } from 'aws-lambda';
import { type Job, parseJob } from '../../functions/jobs/job.ts';
import { createLambdaContext } from '../../lib/dev/lambda-context.ts';
import { toSqsEvent } from '../../lib/dev/sqs-event.ts';
import type { TestStack } from './test-stack.ts';

/** A job that a test has taken from the queue; it stays there, invisible, until it is done. */
export interface TakenJob {
  job: Job;
  message: Message;
}

const queueArn = 'arn:aws:sqs:eu-west-1:000000000000:usher-jobs.fifo';

/**
 * Takes every job that the queue hands out now. For stacks started with `withPoller: false`. The jobs of a message group
 * behind those taken come only when these are done.
 */
export async function takeJobs({ stack }: TestStack): Promise<TakenJob[]> {
  const taken: TakenJob[] = [];
  for (;;) {
    const { Messages = [] } = await stack.services.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: stack.queueUrl,
        MaxNumberOfMessages: 10,
        MessageSystemAttributeNames: ['All'],
      }),
    );
    if (Messages.length === 0) return taken;
    taken.push(...Messages.map((message) => ({ message, job: parseJob(message.Body ?? '') })));
  }
}

/**
 * Hands a taken job to the function as Lambda would, and deletes it from the queue when it is done. A failed one can be
 * delivered again at once, its rest does not matter.
 *
 * @param receives how often SQS has handed the job out, this time included
 */
export async function deliver(
  { stack }: TestStack,
  { message }: TakenJob,
  { receives = 1 }: { receives?: number } = {},
): Promise<'done' | 'failed'> {
  const received = {
    ...message,
    Attributes: { ...message.Attributes, ApproximateReceiveCount: String(receives) },
  };
  const context = createLambdaContext({ timeoutMs: 30_000 });
  const result = (await stack.handler(toSqsEvent([received], queueArn), context)) as SQSBatchResponse;
  if (result.batchItemFailures.length > 0) return 'failed';
  await stack.services.sqs.send(
    new DeleteMessageCommand({ QueueUrl: stack.queueUrl, ReceiptHandle: message.ReceiptHandle }),
  );
  return 'done';
}

/** Takes and delivers until the queue hands out no more: what a poller does, at the moment the test wants it. */
export async function workOff(test: TestStack): Promise<('done' | 'failed')[]> {
  const results: ('done' | 'failed')[] = [];
  for (;;) {
    const taken = await takeJobs(test);
    if (taken.length === 0) return results;
    for (const job of taken) results.push(await deliver(test, job));
  }
}
