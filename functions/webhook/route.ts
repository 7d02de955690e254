import { actionOf, type Question } from '../actions/actions.ts';
import { ContactNotFound, CrmHeld } from '../crm/crm-errors.ts';
import { toUsherError, UsherError } from '../errors.ts';
import type { ContactRequest, Outcome } from '../jobs/contact-request.ts';
import { type WebhookJob, webhookGroup, webhookJobId } from '../jobs/job.ts';
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
import type { Exchange, WebhookEvent } from './webhook-context.ts';

function requestFor(
  exchange: Exchange,
  contact: NamedContact | undefined,
  lane: ContactRequest['lane'],
): ContactRequest {
  const { action, email, role, sendNotification } = exchange.parameters;
  const { connection, requestId, receivedAt } = exchange;
  return { action, connection, ...contact, email, role, sendNotification, lane, requestId, receivedAt };
}

/** How long the queue may take, in milliseconds: the sender has been waiting already. */
const queuePatienceMs = 3000;

/** The queue. The invocation's own signal has fired by now, or is about to: not used here. */
function patientQueue({ call }: Exchange, services: Services): JobQueue {
  const sqs = timed(services.sqs, 'queue', { ...call, signal: AbortSignal.timeout(queuePatienceMs) });
  return createJobQueue(sqs, services.queueUrl);
}

const jobFor = (request: ContactRequest, { now }: Services, after?: WebhookJob['after']): WebhookJob => ({
  kind: 'webhook',
  id: webhookJobId(request),
  createdAt: now().toISOString(),
  ...request,
  ...(after ? { after } : {}),
});

/**
 * Puts a webhook into the queue.
 *
 * @throws UsherError `unavailable`, the one case in which the sender has to try again
 */
async function queueOne(
  job: WebhookJob,
  reason: string,
  exchange: Exchange,
  services: Services,
): Promise<Answer> {
  try {
    await patientQueue(exchange, services).send([job]);
  } catch (error) {
    throw new UsherError('unavailable', 'The webhook could not be stored. Send it again.', { cause: error });
  }
  Object.assign(exchange.line, { result: 'queued', jobs: 1, jobId: job.id });
  return queuedAnswer(job.action, job.id, reason);
}

async function queueBatch(exchange: Exchange, services: Services): Promise<Answer> {
  const { contacts, parameters, line, requestId } = exchange;
  const jobs = contacts.contacts.map((contact) => jobFor(requestFor(exchange, contact, 'batch'), services));
  const missing = await patientQueue(exchange, services).store(jobs);
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
  exchange: Exchange,
  services: Services,
): Promise<Outcome> {
  const { call } = exchange;
  const turn = openTurn({ table: patientTable(services, call), group: webhookGroup(request) });
  const run = () => runAction(request, services, call, { lane: 'live', turn, isPassing: true });
  try {
    return await run();
  } catch (error) {
    // The second look takes about as long as the first one.
    if (!(error instanceof ContactNotFound) || call.leftMs() < 2 * lookAgainMs) throw error;
  }
  await services.sleep(lookAgainMs, call.signal);
  return run();
}

function afterOf(error: UsherError): WebhookJob['after'] {
  if (error instanceof ContactNotFound) return 'contact_not_found';
  return error instanceof CrmHeld ? undefined : 'failure';
}

async function apply(request: ContactRequest, exchange: Exchange, services: Services): Promise<Answer> {
  const { call, line } = exchange;
  try {
    const outcome = await runPatiently(request, exchange, services);
    const { result, userId, contactId, warnings } = outcome;
    Object.assign(line, { result, userId, contactId, warnings });
    return appliedAnswer(request.action, outcome);
  } catch (thrown) {
    const error = toUsherError(thrown);
    if (!error.retryable && !call.signal.aborted) throw error;
    line.deferredBy = error.code;
    return queueOne(jobFor(request, services, afterOf(error)), error.code, exchange, services);
  }
}

async function answerQuestion(
  request: ContactRequest,
  exchange: Exchange,
  services: Services,
  { ask }: Question,
): Promise<Answer> {
  const { connection, call, line } = exchange;
  const turn = openTurn({ table: patientTable(services, call), group: webhookGroup(request) });
  const ports = portsFor(services, connection, call, { lane: 'live', turn, isTest: true });
  const preview = await ask(await known(request, ports), ports);
  line.result = 'ok';
  line.userId = preview?.userId;
  const pace = paceReport(await readPace(ports.users, connection), services.now().getTime());
  return testAnswer(connection, ports.connection.crm, preview, pace);
}

/** Sends a webhook where it belongs: to its action now, or to the queue. */
export function route(services: Services): (event: WebhookEvent) => Promise<Answer> {
  return async ({ exchange }) => {
    const { parameters, contacts, idle } = exchange;
    exchange.line.result = idle ?? exchange.line.result;
    if (idle) return idleAnswer(parameters.action, idle);
    const request = requestFor(exchange, contacts.contacts[0], 'live');
    const action = actionOf(parameters.action);
    if ('ask' in action) return answerQuestion(request, exchange, services, action);
    if (contacts.isBatch) return queueBatch(exchange, services);
    if (parameters.isAsync) return queueOne(jobFor(request, services), 'async', exchange, services);
    return apply(request, exchange, services);
  };
}
