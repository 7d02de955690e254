import { processPartialResponse, SqsFifoPartialProcessorAsync } from '@aws-lambda-powertools/batch';
import { ChangeMessageVisibilityCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { actionOf } from '../actions/actions.ts';
import { ContactNotFound, CrmHeld } from '../crm/crm-errors.ts';
import { runEffects } from '../effects/run-effects.ts';
import { describeError, toUsherError, type UsherError } from '../errors.ts';
import { backOffSeconds, limits, restUntilDue, restUntilLook } from '../jobs/back-off.ts';
import { type EffectsJob, type Job, messageGroup, parseJob, type WebhookJob } from '../jobs/job.ts';
import { openTurn, type Turn } from '../pace/turn.ts';
import { type Invocation, startInvocation, timed } from '../runtime/invocation.ts';
import type { Line } from '../runtime/log.ts';
import { runAction } from '../runtime/run-action.ts';
import {
  crmFor,
  type OnBehalf,
  paceFor,
  patientTable,
  type Services,
  usersFor,
} from '../runtime/services.ts';

export type JobHandler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

/** Kept back from the function's time to write the back-off and the log, in milliseconds. */
const reservedMs = 2000;
/** No longer than the CRM asks one job to wait, in seconds. */
const longestAsked = 3600;

async function runWebhook(
  job: WebhookJob,
  services: Services,
  invocation: Invocation,
  whom: OnBehalf,
): Promise<Partial<Line>> {
  const { result, userId, contactId, warnings } = await runAction(job, services, invocation, whom);
  return { result, userId, contactId, warnings };
}

async function runEffectsJob(
  job: EffectsJob,
  services: Services,
  invocation: Invocation,
  whom: OnBehalf,
): Promise<Partial<Line>> {
  const outcome = await runEffects(job, {
    config: services.config,
    crm: (connection) =>
      crmFor(services, connection, invocation, paceFor(services, connection, invocation, whom)),
    apiToken: async (connection) => {
      const { apiToken } = await invocation.time('key', () => services.keyRing.credentials(connection));
      return apiToken;
    },
    ses: timed(services.ses, 'ses', invocation),
    users: usersFor(services, invocation),
    random: services.random,
    now: services.now,
    sleep: (ms) => services.sleep(ms, invocation.signal),
  });
  return { result: outcome.done.join('+') || outcome.result, warnings: outcome.warnings ?? [] };
}

const ageSeconds = (job: Job, { now }: Services) =>
  Math.max(Math.round((now().getTime() - Date.parse(job.createdAt)) / 1000), 0);

/** What the log knows of a job before it has run. */
function lineOf(job: Job, record: SQSRecord, services: Services, invocation: Invocation): Line {
  return {
    kind: 'job',
    action: job.kind === 'webhook' ? job.action : 'effects',
    connection: job.connection,
    result: 'failed',
    contactId: job.contactId,
    userId: job.kind === 'effects' ? job.userId : undefined,
    jobId: job.id,
    attempt: Number(record.attributes.ApproximateReceiveCount),
    ageSeconds: ageSeconds(job, services),
    requestId: job.requestId,
    invocation: invocation,
  };
}

/** What becomes of a job that was not done: it rests for so many seconds, is given up, or is over. */
type Fate = { restSeconds: number } | 'dead' | 'over';

function fateOfMissing({ isNew }: ContactNotFound, job: Job, services: Services): Fate {
  const restSeconds = restUntilLook(isNew, ageSeconds(job, services));
  return restSeconds === undefined ? 'over' : { restSeconds };
}

/** An outcome that no further try would change is over: it is in the log. */
const isFinal = (error: UsherError) => !error.retryable && error.code !== 'internal_error';

async function fateOf(error: UsherError, job: Job, turn: Turn, services: Services): Promise<Fate> {
  if (isFinal(error)) return 'over';
  if (error instanceof ContactNotFound && job.kind === 'webhook') return fateOfMissing(error, job, services);
  // It waits for its own time, which says nothing of anybody.
  if (error.code === 'effect_not_due')
    return { restSeconds: restUntilDue(error.retryAfterSeconds ?? uncountedRest) };
  const { own } =
    error instanceof CrmHeld ? await turn.read() : await turn.fail(turn.restSeconds === undefined);
  const most = error.code === 'crm_contact_refused' ? limits.refusals : limits.failures;
  if (own >= most || ageSeconds(job, services) >= limits.ageSeconds) return 'dead';
  const asked = Math.min(error.retryAfterSeconds ?? 0, longestAsked);
  return { restSeconds: turn.restSeconds ?? backOffSeconds(own, asked, services.random) };
}

/** How long a job rests that cannot be counted, in seconds. */
const uncountedRest = 60;

/** The table does not answer: nothing is lost by asking again. */
function unknownFate(cause: unknown, { log }: Services): Fate {
  log.problem('job not counted', { error: describeError(cause) });
  return { restSeconds: uncountedRest };
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

/** A contact that the CRM does not show yet is not asked for at once. */
function expectDue(job: Job, services: Services): void {
  if (job.kind !== 'webhook' || job.after !== 'contact_not_found') return;
  const isNew = actionOf(job.action).makesUsers === true;
  const first = restUntilLook(isNew, 0) ?? 0;
  if (ageSeconds(job, services) < first) throw new ContactNotFound('id', { isNew });
}

/** @throws UsherError when the job is not done */
async function run(job: Job, turn: Turn, services: Services, invocation: Invocation): Promise<Partial<Line>> {
  expectDue(job, services);
  const whom = { lane: job.lane, turn };
  return job.kind === 'webhook'
    ? runWebhook(job, services, invocation, whom)
    : runEffectsJob(job, services, invocation, whom);
}

const isWaiting = (error: UsherError) => error instanceof CrmHeld || error.code === 'effect_not_due';

/** What became of a job that was not done, in words of the log. */
function noteFailure(line: Line, error: UsherError, fate: Fate): void {
  line.errorCode = error.code;
  if (fate === 'over') line.result = 'refused';
  else if (fate === 'dead') line.result = 'given_up';
  else if (isWaiting(error)) line.result = 'waiting';
  if (fate !== 'over' && !isWaiting(error)) line.error = describeError(error);
}

async function work(record: SQSRecord, services: Services, invocation: Invocation): Promise<void> {
  let line: Line = {
    kind: 'job',
    action: 'unknown',
    connection: 'none',
    result: 'failed',
    requestId: record.messageId,
    invocation: invocation,
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
      line = { ...line, ...(await run(job, turn, services, invocation)) };
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
