import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { type Job, parseJob } from '../../../functions/jobs/job.ts';
import { messageBody } from '../../../functions/jobs/job-queue.ts';

/** The two queues that dead jobs go between. */
export interface DeadLetters {
  sqs: Pick<SQSClient, 'send'>;
  queueUrl: string;
  deadLetterUrl: string;
}

/** A job that was given up, as the dead-letter queue has it. */
export interface DeadJob {
  messageId: string;
  receiptHandle: string;
  group: string;
  body: string;
  /** Undefined for a message that is no job of ours. */
  job: Job | undefined;
  receives: number;
  sent: Date;
  /** What SQS knows it by for five minutes: of a replay that was given up again, the message it was replayed from. */
  deduplicationId: string;
}

/** What one call of SQS takes. */
const batchSize = 10;
/**
 * How long a message is hidden should this process die before it gives it back, in seconds. Those that are not wanted have to stay
 * hidden until all are seen.
 */
const hiddenSeconds = 300;
/** Asks every server of the queue: without waiting an answer may be empty while there are messages. */
const waitSeconds = 1;

function jobOf(body: string): Job | undefined {
  try {
    return parseJob(body);
  } catch {
    // Whatever else lies there is shown as such, and moved or dropped as it is.
    return undefined;
  }
}

function deadJob({ MessageId = '', ReceiptHandle = '', Body = '', Attributes = {} }: Message): DeadJob {
  return {
    messageId: MessageId,
    receiptHandle: ReceiptHandle,
    group: Attributes.MessageGroupId ?? '',
    body: Body,
    job: jobOf(Body),
    receives: Number(Attributes.ApproximateReceiveCount),
    sent: new Date(Number(Attributes.SentTimestamp)),
    deduplicationId: Attributes.MessageDeduplicationId ?? '',
  };
}

async function receive({ sqs, deadLetterUrl }: DeadLetters): Promise<DeadJob[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: deadLetterUrl,
      MaxNumberOfMessages: batchSize,
      VisibilityTimeout: hiddenSeconds,
      WaitTimeSeconds: waitSeconds,
      MessageSystemAttributeNames: ['All'],
    }),
  );
  return Messages.map(deadJob);
}

/** Shows messages again. Those this fails for come back by themselves. */
async function giveBack({ sqs, deadLetterUrl }: DeadLetters, handles: readonly string[]): Promise<void> {
  for (let start = 0; start < handles.length; start += batchSize) {
    const entries = handles.slice(start, start + batchSize).map((ReceiptHandle, index) => ({
      Id: String(index),
      ReceiptHandle,
      VisibilityTimeout: 0,
    }));
    await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: deadLetterUrl, Entries: entries }));
  }
}

/**
 * Takes the dead jobs, up to ten at a time, until there are no more to be had; what the caller has not put into `gone` by
 * the end is visible again.
 *
 * SQS hides the jobs of a message group behind those that were taken from it: of a contact with many dead jobs only the
 * first come, as long as these are not gone. What was replayed and is dead again already does not come once more: it would be
 * replayed for ever.
 */
export async function* takeDeadJobs(
  letters: DeadLetters,
  gone: ReadonlySet<string>,
): AsyncGenerator<readonly DeadJob[]> {
  const handles = new Map<string, string>();
  try {
    for (;;) {
      const jobs = await receive(letters);
      const isFresh = (job: DeadJob) => !handles.has(job.messageId) && !gone.has(job.deduplicationId);
      const fresh = jobs.filter(isFresh);
      for (const { messageId, receiptHandle } of jobs) handles.set(messageId, receiptHandle);
      if (fresh.length === 0) return;
      yield fresh;
    }
  } finally {
    const kept = [...handles].filter(([messageId]) => !gone.has(messageId));
    await giveBack(
      letters,
      kept.map(([, handle]) => handle),
    );
  }
}

/** Deletes at most ten dead jobs. Answers the ids of those that are gone; SQS may refuse single ones. */
export async function dropJobs(
  { sqs, deadLetterUrl }: DeadLetters,
  jobs: readonly DeadJob[],
): Promise<Set<string>> {
  if (jobs.length === 0) return new Set();
  const { Failed = [] } = await sqs.send(
    new DeleteMessageBatchCommand({
      QueueUrl: deadLetterUrl,
      Entries: jobs.map(({ receiptHandle }, index) => ({ Id: String(index), ReceiptHandle: receiptHandle })),
    }),
  );
  return without(jobs, Failed);
}

/**
 * A dead job as a new one, with its age and its failures forgotten, behind what waits already. Its id is the message's, so
 * that a replay that is done again makes the same one; a webhook's keeps the first one for whoever counts. A message that is no job of ours stays as it is.
 */
function revived({ job, body, messageId }: DeadJob, now: Date): string {
  if (!job) return body;
  const fresh = { ...job, id: messageId, lane: 'batch', createdAt: now.toISOString() } as const;
  if (fresh.kind === 'webhook')
    return messageBody({ ...fresh, firstId: fresh.firstId ?? job.id, after: undefined });
  // What it was to wait for is written by now, or never.
  return messageBody(fresh.kind === 'effects' ? { ...fresh, awaits: undefined } : fresh);
}

/**
 * Puts at most ten dead jobs back into the job queue, and only then deletes them: dying in between leaves a job in both
 * queues, where it does no harm. The message's id is the new deduplication id: the job's own would be swallowed for five
 * minutes, and a replay that is done again counts once.
 *
 * @returns the ids of those that are gone from the dead letters
 */
export async function replayJobs(
  letters: DeadLetters,
  jobs: readonly DeadJob[],
  now: Date,
): Promise<Set<string>> {
  if (jobs.length === 0) return new Set();
  const { Failed = [] } = await letters.sqs.send(
    new SendMessageBatchCommand({
      QueueUrl: letters.queueUrl,
      Entries: jobs.map((job, index) => ({
        Id: String(index),
        MessageBody: revived(job, now),
        MessageGroupId: job.group,
        MessageDeduplicationId: job.messageId,
      })),
    }),
  );
  const sent = without(jobs, Failed);
  return dropJobs(
    letters,
    jobs.filter(({ messageId }) => sent.has(messageId)),
  );
}

/** The ids of those that SQS did not refuse. */
function without(jobs: readonly DeadJob[], failed: readonly { Id?: string | undefined }[]): Set<string> {
  const refused = new Set(failed.map(({ Id }) => Number(Id)));
  return new Set(jobs.filter((_, index) => !refused.has(index)).map(({ messageId }) => messageId));
}

/** About how many dead jobs there are, those that are hidden right now included. */
export async function countDeadJobs({ sqs, deadLetterUrl }: DeadLetters): Promise<number> {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: deadLetterUrl,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  );
  const { ApproximateNumberOfMessages: visible, ApproximateNumberOfMessagesNotVisible: hidden } = Attributes;
  return Number(visible) + Number(hidden);
}
