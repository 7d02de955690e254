import { actionOf, type Question } from '../actions/actions.ts';
import { ContactNotFound, CrmHeld } from '../crm/crm-errors.ts';
import { toUsherError, UsherError } from '../errors.ts';
import type { ContactRequest, Outcome } from '../jobs/contact-request.ts';
import { type WebhookJob, webhookGroup, webhookJob } from '../jobs/job.ts';
import { createJobQueue, type JobQueue } from '../jobs/job-queue.ts';
import { readPace } from '../pace/pace-item.ts';
import { paceReport } from '../pace/pace-report.ts';
import { openTurn } from '../pace/turn.ts';
import { timed } from '../runtime/invocation.ts';
import { known, portsFor, runAction } from '../runtime/run-action.ts';
import { patientTable, type Services } from '../runtime/services.ts';
import {
  type Answer,
  appliedAnswer,
  batchAnswer,
  halfStoredAnswer,
  idleAnswer,
  queuedAnswer,
  testAnswer,
} from './answers.ts';
import type { NamedContact } from './named-contacts.ts';
import type { WebhookContext, WebhookEvent } from './webhook-context.ts';

function requestFor(
  context: WebhookContext,
  contact: NamedContact | undefined,
  lane: ContactRequest['lane'],
): ContactRequest {
  const { action, email, role, sendNotification } = context.parameters;
  const { connection, requestId, receivedAt } = context;
  return { action, connection, ...contact, email, role, sendNotification, lane, requestId, receivedAt };
}

/** How long the queue may take, in milliseconds: the sender has been waiting already. */
const queuePatienceMs = 3000;

/** The queue. The invocation's own signal has fired by now, or is about to: not used here. */
function patientQueue({ invocation }: WebhookContext, services: Services): JobQueue {
  const sqs = timed(services.sqs, 'queue', { ...invocation, signal: AbortSignal.timeout(queuePatienceMs) });
  return createJobQueue(sqs, services.queueUrl);
}

const jobFor = (request: ContactRequest, { now }: Services, after?: WebhookJob['after']): WebhookJob =>
  webhookJob(request, now().toISOString(), after);

/**
 * Puts a webhook into the queue.
 *
 * @throws UsherError `unavailable`, the one case in which the sender has to try again
 */
async function queueOne(
  job: WebhookJob,
  reason: string,
  context: WebhookContext,
  services: Services,
): Promise<Answer> {
  try {
    await patientQueue(context, services).send([job]);
  } catch (error) {
    throw new UsherError('unavailable', 'The webhook could not be stored. Send it again.', { cause: error });
  }
  Object.assign(context.line, { result: 'queued', jobs: 1, jobId: job.id });
  return queuedAnswer(job.action, job.id, reason);
}

async function queueBatch(context: WebhookContext, services: Services): Promise<Answer> {
  const { contacts, parameters, line, requestId } = context;
  const jobs = contacts.contacts.map((contact) => jobFor(requestFor(context, contact, 'batch'), services));
  const missing = await patientQueue(context, services).store(jobs);
  const stored = jobs.map(({ id }) => id).filter((id) => !missing.has(id));
  line.jobs = stored.length;
  if (missing.size === 0) {
    line.result = 'queued';
    return batchAnswer(parameters.action, stored, contacts.withoutId);
  }
  line.errorCode = 'unavailable';
  const notQueued = jobs.flatMap(({ id }, index) =>
    missing.has(id) ? [contacts.places[index] ?? index] : [],
  );
  return halfStoredAnswer(notQueued, stored, requestId);
}

/** CRMs show a new contact a moment late: one that is not there is looked for again after so long, in milliseconds. */
const lookAgainMs = 1000;

async function runPatiently(
  request: ContactRequest,
  context: WebhookContext,
  services: Services,
): Promise<Outcome> {
  const { invocation } = context;
  const turn = openTurn({ table: patientTable(services, invocation), group: webhookGroup(request) });
  const run = () => runAction(request, services, invocation, { lane: 'live', turn, isPassing: true });
  try {
    return await run();
  } catch (error) {
    // The second look takes about as long as the first one.
    if (!(error instanceof ContactNotFound) || invocation.leftMs() < 2 * lookAgainMs) throw error;
  }
  await services.sleep(lookAgainMs, invocation.signal);
  return run();
}

function afterOf(error: UsherError): WebhookJob['after'] {
  if (error instanceof ContactNotFound) return 'contact_not_found';
  return error instanceof CrmHeld ? undefined : 'failure';
}

async function apply(request: ContactRequest, context: WebhookContext, services: Services): Promise<Answer> {
  const { invocation, line } = context;
  try {
    const outcome = await runPatiently(request, context, services);
    const { result, userId, contactId, warnings, written } = outcome;
    Object.assign(line, { result, userId, contactId, warnings, written });
    return appliedAnswer(request.action, outcome);
  } catch (thrown) {
    const error = toUsherError(thrown);
    if (!error.retryable && !invocation.signal.aborted) throw error;
    line.deferredBy = error.code;
    return queueOne(jobFor(request, services, afterOf(error)), error.code, context, services);
  }
}

async function answerQuestion(
  request: ContactRequest,
  context: WebhookContext,
  services: Services,
  { ask }: Question,
): Promise<Answer> {
  const { connection, invocation, line } = context;
  const turn = openTurn({ table: patientTable(services, invocation), group: webhookGroup(request) });
  const ports = portsFor(services, connection, invocation, { lane: 'live', turn, isTest: true });
  const preview = await ask(await known(request, ports), ports);
  line.result = 'ok';
  line.userId = preview?.userId;
  const pace = paceReport(await readPace(ports.users, connection), services.now().getTime());
  return testAnswer(connection, ports.connection.crm, preview, pace);
}

/** Sends a webhook where it belongs: to its action now, or to the queue. */
export function route(services: Services): (event: WebhookEvent) => Promise<Answer> {
  return async ({ context }) => {
    const { parameters, contacts, idle } = context;
    context.line.result = idle ?? context.line.result;
    if (idle) return idleAnswer(parameters.action, idle);
    const request = requestFor(context, contacts.contacts[0], 'live');
    const action = actionOf(parameters.action);
    if ('ask' in action) return answerQuestion(request, context, services, action);
    if (contacts.isBatch) return queueBatch(context, services);
    if (parameters.isAsync) return queueOne(jobFor(request, services), 'async', context, services);
    return apply(request, context, services);
  };
}
