import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  type Message,
  type QueueAttributeName,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { Context, SQSEvent } from 'aws-lambda';
import { queueSettings } from '../../functions/jobs/queue-settings.ts';
import { createLambdaContext } from './lambda-context.ts';
import { failedMessageIds, toSqsEvent } from './sqs-event.ts';
import { within } from './within.ts';

export type JobHandler = (event: SQSEvent, context: Context) => Promise<unknown>;

export interface JobPollerOptions {
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  /** How many batches may be worked on at once: message groups run in parallel, a group's messages never do. */
  readonly pollers: number;
  /** The most messages one invocation gets; as in the stack unless said otherwise. */
  readonly batchSize?: number;
  /** How long one batch may take, in milliseconds. */
  readonly functionTimeoutMs: number;
  /** Begins the work on a batch when it is its turn; its time runs from then. At once unless said otherwise. */
  readonly inTurn?: (work: () => Promise<void>) => Promise<void>;
  /** Gets what the queue or the handler threw. */
  readonly onError: (error: unknown) => void;
  /**
   * Makes the queue answer its long polls now. Without it `stop` aborts them, and a message that is on its way at that
   * moment is lost from sight until its visibility ends.
   */
  readonly endLongPolls?: () => void;
}

export interface JobPoller {
  /** Receives no more, and waits for the batches under way. */
  stop(): Promise<void>;
  /** Resolves when no message is visible and none is being worked on. Failed ones that wait for their next try are not. */
  idle(): Promise<void>;
}

const longPollSeconds = 20;
/** The function's clients give up much sooner than a long poll lasts. In milliseconds. */
const longPollTimeoutMs = (longPollSeconds + 5) * 1000;
const firstBackoffMs = 100;
const maxBackoffMs = 5_000;
const checkMs = 20;

/**
 * Feeds a queue's messages to a Lambda handler as Lambda's event source mapping does for a FIFO queue: what the handler
 * does not report as failed is deleted; what it does, and all of it when it throws or takes too long, stays in the queue
 * until its visibility ends.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 *
 * @throws when the queue does not answer.
 */
export async function startJobPoller(handler: JobHandler, options: JobPollerOptions): Promise<JobPoller> {
  const { sqs, queueUrl, onError, endLongPolls, inTurn = (work) => work() } = options;
  const { QueueArn: queueArn = '' } = await attributes(options, ['QueueArn']);
  const stopping = new AbortController();
  const failed = new Set<string>();
  let working = 0;

  const receive = async (): Promise<Message[]> => {
    const { Messages } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: options.batchSize ?? queueSettings.batchSize,
        WaitTimeSeconds: longPollSeconds,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      }),
      { requestTimeout: longPollTimeoutMs, ...(endLongPolls ? {} : { abortSignal: stopping.signal }) },
    );
    return Messages ?? [];
  };

  const work = async (messages: Message[]): Promise<void> => {
    working += 1;
    for (const { MessageId: id = '' } of messages) failed.delete(id);
    const failures = await invoke(handler, messages, queueArn, options);
    for (const id of failures) failed.add(id);
    await remove(
      messages.filter(({ MessageId: id = '' }) => !failures.has(id)),
      options,
    );
    working -= 1;
  };

  const poll = async (): Promise<void> => {
    let backoffMs = firstBackoffMs;
    while (!stopping.signal.aborted) {
      try {
        const messages = await receive();
        if (messages.length > 0) await inTurn(() => work(messages));
        backoffMs = firstBackoffMs;
      } catch (error) {
        // The error is then our own abort, or a queue that has gone first.
        if (stopping.signal.aborted) return;
        onError(error);
        await sleep(backoffMs, undefined, { signal: stopping.signal }).catch(() => undefined);
        backoffMs = Math.min(backoffMs * 2, maxBackoffMs);
      }
    }
  };

  const polls = Promise.all(Array.from({ length: options.pollers }, poll));
  return {
    stop: async () => {
      stopping.abort();
      // More than once: a poll may not have reached the queue yet.
      const ending = setInterval(() => endLongPolls?.(), checkMs);
      await polls.finally(() => clearInterval(ending));
    },
    idle: async () => {
      for (;;) {
        const counts = await attributes(options, [
          'ApproximateNumberOfMessages',
          'ApproximateNumberOfMessagesNotVisible',
        ]);
        const visible = Number(counts['ApproximateNumberOfMessages']);
        // A message on its way from the queue to here is in neither number but this one.
        const taken = Number(counts['ApproximateNumberOfMessagesNotVisible']);
        if (visible === 0 && working === 0 && taken <= failed.size) return;
        await sleep(checkMs);
      }
    },
  };
}

async function attributes(options: JobPollerOptions, names: QueueAttributeName[]) {
  const { sqs, queueUrl } = options;
  const answer = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: names }));
  return answer.Attributes ?? {};
}

/** Never rejects. Answers the ids of the messages that stay in the queue. */
async function invoke(
  handler: JobHandler,
  messages: Message[],
  queueArn: string,
  { functionTimeoutMs, onError }: JobPollerOptions,
): Promise<ReadonlySet<string>> {
  const ids = new Set(messages.map(({ MessageId: id = '' }) => id));
  const context = createLambdaContext({ timeoutMs: functionTimeoutMs });
  try {
    const result = await within(functionTimeoutMs, () => handler(toSqsEvent(messages, queueArn), context));
    return failedMessageIds(result, ids);
  } catch (error) {
    onError(error);
    return ids;
  }
}

/** Never rejects: a message that could not be deleted comes back, which a job has to bear anyway. */
async function remove(messages: Message[], { sqs, queueUrl, onError }: JobPollerOptions): Promise<void> {
  if (messages.length === 0) return;
  try {
    const { Failed = [] } = await sqs.send(
      new DeleteMessageBatchCommand({
        QueueUrl: queueUrl,
        Entries: messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle })),
      }),
    );
    for (const failure of Failed) onError(new Error(`A job was not deleted: ${failure.Message}`));
  } catch (error) {
    onError(error);
  }
}
