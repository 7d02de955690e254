import type { ContactRequest } from '../actions/request.ts';
import { test } from '../actions/test.ts';
import { toUsherError, UsherError } from '../errors.ts';
import type { WebhookJob } from '../jobs/job.ts';
import { createJobQueue } from '../jobs/job-queue.ts';
import { type Answer, appliedAnswer, batchAnswer, queuedAnswer, testAnswer } from './answers.ts';
import { timed } from './call.ts';
import type { Exchange, WebhookEvent } from './exchange.ts';
import { portsFor, runAction, spelled } from './run-action.ts';
import type { Services } from './services.ts';

function requestFor(exchange: Exchange, contactId: string | undefined): ContactRequest {
  const { action, email, role, sendNotification } = exchange.parameters;
  const { connection, requestId, receivedAt } = exchange;
  return { action, connection, contactId, email, role, sendNotification, requestId, receivedAt };
}

/** How long the queue may take, in milliseconds: the sender has been waiting already. */
const queuePatienceMs = 3000;

/**
 * Puts webhooks into the queue. The invocation's own signal has fired by now, or is about to: not used here.
 *
 * @throws UsherError `unavailable`, the one case in which the sender has to try again
 */
async function enqueue(
  requests: ContactRequest[],
  exchange: Exchange,
  services: Services,
): Promise<string[]> {
  const jobs = requests.map((request): WebhookJob => {
    return {
      kind: 'webhook',
      id: services.random.uuid(),
      createdAt: services.now().toISOString(),
      ...request,
    };
  });
  try {
    const sqs = timed(services.sqs, 'queue', {
      ...exchange.call,
      signal: AbortSignal.timeout(queuePatienceMs),
    });
    await createJobQueue(sqs, services.queueUrl).send(jobs);
  } catch (error) {
    throw new UsherError('unavailable', 'The webhook could not be stored. Send it again.', { cause: error });
  }
  exchange.line.result = 'queued';
  exchange.line.jobs = jobs.length;
  return jobs.map(({ id }) => id);
}

async function queueOne(request: ContactRequest, exchange: Exchange, services: Services): Promise<Answer> {
  const [jobId = ''] = await enqueue([request], exchange, services);
  exchange.line.jobId = jobId;
  return queuedAnswer(request.action, jobId);
}

async function apply(request: ContactRequest, exchange: Exchange, services: Services): Promise<Answer> {
  const { call, line } = exchange;
  try {
    const outcome = await runAction(request, services, call);
    const { result, userId, contactId, warnings } = outcome;
    Object.assign(line, { result, userId, contactId, warnings });
    return appliedAnswer(request.action, outcome);
  } catch (thrown) {
    const error = toUsherError(thrown);
    if (!error.retryable && !call.signal.aborted) throw error;
    line.deferredBy = error.code;
    return queueOne(request, exchange, services);
  }
}

async function runTest(request: ContactRequest, exchange: Exchange, services: Services): Promise<Answer> {
  const ports = portsFor(services, exchange.connection, exchange.call, { isTest: true });
  const preview = await test(spelled(request, ports), ports);
  exchange.line.result = 'ok';
  exchange.line.userId = preview?.userId;
  return testAnswer(exchange.connection, ports.connection.crm, preview);
}

/** Sends a webhook where it belongs: to its action now, or to the queue. */
export function route(services: Services): (event: WebhookEvent) => Promise<Answer> {
  return async ({ exchange }) => {
    const { parameters, contacts } = exchange;
    const request = requestFor(exchange, contacts.ids[0]);
    if (parameters.action === 'test') return runTest(request, exchange, services);
    if (contacts.isBatch) {
      const requests = contacts.ids.map((contactId) => requestFor(exchange, contactId));
      const jobIds = await enqueue(requests, exchange, services);
      return batchAnswer(parameters.action, jobIds, contacts.withoutId);
    }
    if (parameters.isAsync) return queueOne(request, exchange, services);
    return apply(request, exchange, services);
  };
}
