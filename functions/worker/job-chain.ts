import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { describeError } from '../errors.ts';
import { startInvocation } from '../runtime/invocation.ts';
import type { Services } from '../runtime/services.ts';
import { type Gate, openGate, type ProvenSizes } from './gate.ts';
import { type HandedOut, readJob, rest, workOn } from './work-on-job.ts';

export type JobHandler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

/** Kept back from the function's time to write the back-off and the log, in milliseconds. */
const reservedMs = 2000;
/**
 * While a connection has a rate, jobs behind others of their batch are begun only for so long, in milliseconds: a webhook that has come
 * in meanwhile goes before them.
 */
const briefMs = 500;

/** One batch under way. */
interface Batch {
  services: Services;
  gate: Gate;
  /** What it had at its beginning, and what is left. */
  givenMs: number;
  leftMs: () => number;
}

/** Half of the time is more than a call of a CRM takes: what others took of it must be no failure of a job's own. */
function isLate(connection: string, { gate, givenMs, leftMs }: Batch): boolean {
  const half = givenMs / 2;
  return givenMs - leftMs() > (gate.isOneByOne(connection) ? Math.min(briefMs, half) : half);
}

/** Works on one job when it may begin. Answers whether it may leave the queue; undefined when it was not begun for want of time. */
async function workInTurn(
  handedOut: HandedOut,
  isFirst: boolean,
  batch: Batch,
): Promise<boolean | undefined> {
  const { services, gate, leftMs } = batch;
  // What is no job has no CRM, and so have links for people of the site.
  const connection = handedOut.job?.connection ?? 'none';
  await gate.enter(connection);
  let isDone = false;
  try {
    if (!isFirst && isLate(connection, batch)) return undefined;
    isDone = await workOn(handedOut, services, startInvocation(leftMs()));
  } catch (cause) {
    services.log.problem('job broke off', { error: describeError(cause) });
  } finally {
    gate.leave(connection, isDone);
  }
  return isDone;
}

/** Works on the jobs of one group in their order. Answers those that stay in the queue: one that is not done, and what is behind it. */
async function workInOrder(group: readonly HandedOut[], isFirst: boolean, batch: Batch) {
  for (const [index, handedOut] of group.entries()) {
    const isDone = await workInTurn(handedOut, isFirst && index === 0, batch);
    if (isDone) continue;
    // Nobody gets them before the one that rests; and they must not keep it back when its rest is over.
    const waiting = group.slice(isDone === undefined ? index : index + 1);
    for (const { record } of waiting.toReversed()) await rest(record, 0, batch.services);
    return group.slice(index);
  }
  return [];
}

const isLive = ([first]: readonly HandedOut[]) => first?.job?.lane === 'live';

/**
 * Works on a batch of jobs from the queue: its message groups side by side, and the jobs of each in order. A job that is not done goes
 * back to rest, and with it the rest of its group, so that one contact's webhooks stay in order; it says nothing of the others.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
 */
export function jobChain(services: Services): JobHandler {
  const proven: ProvenSizes = new Map();
  return async ({ Records }, context) => {
    const leftMs = () => Math.max(context.getRemainingTimeInMillis() - reservedMs, 0);
    const batch = { services, gate: openGate(services, proven), givenMs: leftMs(), leftMs };
    const handedOut = Records.map((record) => ({ record, job: readJob(record) }));
    const groups = Map.groupBy(
      handedOut,
      ({ record }) => record.attributes.MessageGroupId ?? record.messageId,
    );
    const [live, others] = [
      [...groups.values()].filter(isLive),
      [...groups.values()].filter((group) => !isLive(group)),
    ];
    const left = await Promise.all(
      [...live, ...others].map((group, index) => workInOrder(group, index === 0, batch)),
    );
    return { batchItemFailures: left.flat().map(({ record }) => ({ itemIdentifier: record.messageId })) };
  };
}
