import { processPartialResponse, SqsFifoPartialProcessorAsync } from '@aws-lambda-powertools/batch';
import { ChangeMessageVisibilityCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { actionOf } from '../actions/actions.ts';
import { CrmHeld } from '../crm/crm-errors.ts';
import { describeError, toUsherError, type UsherError } from '../errors.ts';
import { type Job, messageGroup, parseJob } from '../jobs/job.ts';
import { openTurn } from '../pace/turn.ts';
import { type Invocation, startInvocation } from '../runtime/invocation.ts';
import type { Line } from '../runtime/log.ts';
import { patientTable, type Services } from '../runtime/services.ts';
import { slugOf } from '../users/roles.ts';
import { type Fate, fateOf, unknownFate } from './job-fate.ts';
import { ageSeconds, runJob } from './run-job.ts';

export type JobHandler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

/** Kept back from the function's time to write the back-off and the log, in milliseconds. */
const reservedMs = 2000;

/** What the log tells of the webhook that a job is of. */
function webhookFields(job: Job, { config }: Services): Partial<Line> {
  if (job.kind !== 'webhook') return {};
  const { role, sendNotification, receivedAt, firstId: firstJobId } = job;
  const slug = role === undefined ? undefined : slugOf(config.roles, role);
  return { role: slug, sendNotification, receivedAt, firstJobId };
}

/** What the log knows of a job before it has run. */
function lineOf(job: Job, record: SQSRecord, services: Services, invocation: Invocation): Line {
  return {
    kind: 'job',
    action: job.kind === 'webhook' ? job.action : job.kind,
    connection: job.connection,
    result: 'failed',
    contactId: job.contactId,
    userId: job.kind === 'effects' ? job.userId : undefined,
    jobId: job.id,
    attempt: Number(record.attributes.ApproximateReceiveCount),
    ageSeconds: ageSeconds(job, services),
    requestId: job.requestId,
    ...webhookFields(job, services),
    invocation,
  };
}

/** Lets a job rest. If this fails, SQS hands the job out again after its visibility time-out. */
async function rest(record: SQSRecord, seconds: number, { sqs, queueUrl, log }: Services): Promise<void> {
  const change = new ChangeMessageVisibilityCommand({
    QueueUrl: queueUrl,
    ReceiptHandle: record.receiptHandle,
    VisibilityTimeout: seconds,
  });
  await sqs
    .send(change)
    .catch((cause: unknown) => log.problem('back-off failed', { error: describeError(cause) }));
}

/** Puts a job with the dead letters, where it waits for an operator. Then it may leave the queue. */
async function giveUp(record: SQSRecord, { sqs, deadLetterUrl }: Services): Promise<void> {
  const { MessageGroupId, MessageDeduplicationId } = record.attributes;
  await sqs.send(
    new SendMessageCommand({
      QueueUrl: deadLetterUrl,
      MessageBody: record.body,
      MessageGroupId,
      MessageDeduplicationId,
    }),
  );
}

const isWaiting = (error: UsherError) => error instanceof CrmHeld || error.code === 'effect_not_due';

/** What became of a job that was not done, in words of the log. */
function noteFailure(line: Line, error: UsherError, fate: Fate): void {
  line.errorCode = error.code;
  if (fate === 'over') line.result = 'refused';
  else if (fate === 'dead') line.result = 'given_up';
  else if (isWaiting(error)) line.result = 'waiting';
  if (typeof fate === 'object') line.restSeconds = fate.restSeconds;
  if (fate !== 'over' && !isWaiting(error)) line.error = describeError(error);
}

async function work(record: SQSRecord, services: Services, invocation: Invocation): Promise<void> {
  let line: Line = {
    kind: 'job',
    action: 'unknown',
    connection: 'none',
    result: 'failed',
    requestId: record.messageId,
    invocation,
  };
  try {
    const job = readJob(record);
    if (!job) {
      line.errorCode = 'internal_error';
      line.result = 'given_up';
      return await giveUp(record, services);
    }
    line = lineOf(job, record, services, invocation);
    const turn = openTurn({
      table: patientTable(services, invocation),
      group: messageGroup(job),
      jobId: job.id,
      hasFailed: job.kind === 'webhook' && job.after === 'failure',
    });
    try {
      line = { ...line, ...(await runJob(job, services, invocation, { lane: job.lane, turn })) };
    } catch (thrown) {
      const error = toUsherError(thrown);
      const fate = await fateOf(error, job, turn, services).catch((cause: unknown) =>
        unknownFate(cause, services),
      );
      noteFailure(line, error, fate);
      if (fate === 'over') return;
      if (fate === 'dead') return await giveUp(record, services);
      await rest(record, fate.restSeconds, services);
      throw error;
    }
  } finally {
    invocation.end();
    services.log.record(line);
  }
}

/** Undefined for what is no job of ours: no further try would make it one. */
function readJob(record: SQSRecord): Job | undefined {
  try {
    const job = parseJob(record.body);
    // An action of a later release waits with the dead letters for it to come back.
    if (job.kind === 'webhook') actionOf(job.action);
    return job;
  } catch {
    return undefined;
  }
}

/**
 * Works on jobs from the queue. One that is not done goes back to rest, and with it the rest of its group, so that one
 * contact's webhooks stay in order.
 */
export function jobChain(services: Services): JobHandler {
  return (event, context) => {
    const limitMs = () => Math.max(context.getRemainingTimeInMillis() - reservedMs, 0);
    return processPartialResponse(
      event,
      (record: SQSRecord) => work(record, services, startInvocation(limitMs())),
      new SqsFifoPartialProcessorAsync(),
      { context, skipGroupOnError: true, throwOnFullBatchFailure: false },
    );
  };
}
