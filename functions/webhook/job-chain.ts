import { processPartialResponse, SqsFifoPartialProcessorAsync } from '@aws-lambda-powertools/batch';
import { ChangeMessageVisibilityCommand } from '@aws-sdk/client-sqs';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { runEffects } from '../effects/run-effects.ts';
import { describeError, toUsherError, type UsherError } from '../errors.ts';
import { backOffSeconds } from '../jobs/back-off.ts';
import { type EffectsJob, type Job, parseJob, type WebhookJob } from '../jobs/job.ts';
import { type Call, startCall, timed } from './call.ts';
import type { Line } from './log.ts';
import { runAction } from './run-action.ts';
import { crmFor, type Services, usersFor } from './services.ts';

export type JobHandler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

/** Kept back from the function's time to write the back-off and the log, in milliseconds. */
const reservedMs = 2000;

async function runWebhook(
  job: WebhookJob,
  attempt: number,
  services: Services,
  call: Call,
): Promise<Partial<Line>> {
  const request = { ...job, wasTried: job.wasTried || attempt > 1 };
  const { result, userId, contactId, warnings } = await runAction(request, services, call);
  return { result, userId, contactId, warnings };
}

async function runEffectsJob(job: EffectsJob, services: Services, call: Call): Promise<Partial<Line>> {
  const outcome = await runEffects(job, {
    config: services.config,
    crm: (connection) => crmFor(services, connection, call),
    ses: timed(services.ses, 'ses', call),
    users: usersFor(services, call),
    random: services.random,
    now: services.now,
    sleep: (ms) => services.sleep(ms, call.signal),
  });
  return { result: outcome.done.join('+') || outcome.result, warnings: outcome.warnings ?? [] };
}

function runJob(job: Job, attempt: number, services: Services, call: Call): Promise<Partial<Line>> {
  return job.kind === 'webhook'
    ? runWebhook(job, attempt, services, call)
    : runEffectsJob(job, services, call);
}

/** How often SQS has handed the job out, 1 for the first try. */
const triesOf = (record: SQSRecord) => Number(record.attributes.ApproximateReceiveCount);

/** What the log knows of a job before it has run. */
function lineOf(job: Job, record: SQSRecord, call: Call, now: Date): Line {
  return {
    kind: 'job',
    action: job.kind === 'webhook' ? job.action : 'effects',
    connection: job.connection,
    result: 'failed',
    contactId: job.contactId,
    userId: job.kind === 'effects' ? job.userId : undefined,
    jobId: job.id,
    attempt: triesOf(record),
    ageSeconds: Math.max(Math.round((now.getTime() - Date.parse(job.createdAt)) / 1000), 0),
    requestId: job.requestId,
    call,
  };
}

/** Lets a failed job rest. If this fails too, SQS hands the job out again after its visibility time-out. */
async function backOff(record: SQSRecord, error: UsherError, { sqs, queueUrl }: Services): Promise<void> {
  await sqs.send(
    new ChangeMessageVisibilityCommand({
      QueueUrl: queueUrl,
      ReceiptHandle: record.receiptHandle,
      VisibilityTimeout: backOffSeconds(triesOf(record), error.retryAfterSeconds),
    }),
  );
}

/** An outcome that no further try would change: it is logged, and the job is over. */
const isFinal = (error: UsherError) => !error.retryable && error.code !== 'internal_error';

async function work(record: SQSRecord, services: Services, call: Call): Promise<void> {
  let line: Line = {
    kind: 'job',
    action: 'unknown',
    connection: 'none',
    result: 'failed',
    requestId: record.messageId,
    call,
  };
  try {
    const job = parseJob(record.body);
    line = lineOf(job, record, call, services.now());
    line = { ...line, ...(await runJob(job, triesOf(record), services, call)) };
  } catch (thrown) {
    const error = toUsherError(thrown);
    line.errorCode = error.code;
    if (isFinal(error)) {
      line.result = 'refused';
      return;
    }
    if (error.code === 'crm_paused') line.result = 'paused';
    else line.error = describeError(error);
    await backOff(record, error, services).catch((cause: unknown) =>
      services.log.problem('back-off failed', { error: describeError(cause) }),
    );
    throw error;
  } finally {
    call.end();
    services.log.record(line);
  }
}

/**
 * Works on jobs from the queue. A failed one goes back with a growing pause, and with it the rest of its group, so
 * that one contact's webhooks stay in order.
 */
export function jobChain(services: Services): JobHandler {
  return (event, context) => {
    const limitMs = () => Math.max(context.getRemainingTimeInMillis() - reservedMs, 0);
    return processPartialResponse(
      event,
      (record: SQSRecord) => work(record, services, startCall(limitMs())),
      new SqsFifoPartialProcessorAsync(),
      { context, skipGroupOnError: true, throwOnFullBatchFailure: false },
    );
  };
}
