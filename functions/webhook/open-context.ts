import { describeError, toUsherError } from '../errors.ts';
import { startInvocation } from '../runtime/invocation.ts';
import type { Services } from '../runtime/services.ts';
import type { Answer } from './answers.ts';
import { errorAnswer, toHttp } from './answers.ts';
import { withoutEntities } from './body.ts';
import { nobody } from './named-contacts.ts';
import { lookup } from './parameters.ts';
import { readBody } from './read-body.ts';
import type { Step, WebhookContext, WebhookEvent } from './webhook-context.ts';

/** Computes once. */
function once<Value>(compute: () => Value): () => Value {
  let computed: { value: Value } | undefined;
  return () => {
    computed ??= { value: compute() };
    return computed.value;
  };
}

/** API Gateway gives up on a request of this age, in milliseconds. What seems to be older comes from another clock. */
const oldestMs = 30_000;

/** How long the sender has been waiting already, in milliseconds: for a function to start, or in line. */
function waitedMsOf({ requestContext: { timeEpoch } }: WebhookEvent): number {
  // Not the clock that is passed in: API Gateway's is compared with this machine's.
  const age = Date.now() - timeEpoch;
  return age > 0 && age < oldestMs ? age : 0;
}

/** When API Gateway got the webhook. An event that somebody else has put together may not say. */
function receivedAt({ requestContext: { timeEpoch } }: WebhookEvent, { now }: Services): string {
  return (Number.isFinite(timeEpoch) ? new Date(timeEpoch) : now()).toISOString();
}

function open(event: WebhookEvent, services: Services): WebhookContext {
  const { requestId } = event.requestContext;
  const waitedMs = waitedMsOf(event);
  const invocation = startInvocation(Math.max(services.config.responseBudgetMs - waitedMs, 0));
  const query = withoutEntities(new URLSearchParams(event.rawQueryString));
  const payload = once(() => readBody(event));
  const received = receivedAt(event, services);
  return {
    invocation,
    requestId,
    waitedMs,
    receivedAt: received,
    line: {
      kind: 'webhook',
      action: 'none',
      connection: 'none',
      result: 'failed',
      requestId,
      receivedAt: received,
      invocation,
    },
    query,
    payload,
    find: once(async () => lookup(query, await payload())),
    // Filled in by the steps that follow; until then nobody reads them.
    connection: '',
    parameters: {
      action: '',
      contactId: undefined,
      email: undefined,
      role: undefined,
      sendNotification: false,
      isAsync: false,
    },
    contacts: nobody,
    warnings: [],
  };
}

/** An answer with what the sender should mend before what the action has to say. */
function warned(answer: Answer, { warnings, line }: WebhookContext): Answer {
  const { data } = answer.body;
  if (warnings.length === 0 || typeof data !== 'object' || data === null) return answer;
  const own = 'warnings' in data && Array.isArray(data.warnings) ? (data.warnings as string[]) : [];
  line.warnings = [...warnings, ...(line.warnings ?? [])];
  return { ...answer, body: { ...answer.body, data: { ...data, warnings: [...warnings, ...own] } } };
}

/**
 * Opens the context and closes it: every answer and every error becomes HTTP here, and one line of log.
 * First in the chain, so that it has the last word.
 */
export function openContext(services: Services): Step {
  function close({ context }: WebhookEvent, answer: Answer) {
    context.invocation.end();
    services.log.record({ ...context.line, status: answer.status });
    return toHttp(answer);
  }
  return {
    before({ event }) {
      event.context = open(event, services);
    },
    after(request) {
      const { context } = request.event;
      request.response = close(request.event, warned(request.response as Answer, context));
    },
    onError(request) {
      const { context } = request.event;
      const error = toUsherError(request.error);
      context.line.errorCode = error.code;
      if (!['internal_error', 'unavailable', 'aws_unavailable'].includes(error.code))
        context.line.result = 'refused';
      if (error.code === 'internal_error' || error.cause !== undefined) {
        context.line.error = describeError(error);
      }
      request.response = close(request.event, errorAnswer(error, context.requestId));
    },
  };
}
