import type { Message } from '@aws-sdk/client-sqs';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, SQSBatchResponse } from 'aws-lambda';
import type { UsherHandler } from '../../functions/create-handler.ts';
import { createLambdaContext } from '../../lib/dev/lambda-context.ts';
import { toSqsEvent } from '../../lib/dev/sqs-event.ts';
import { type Invocation, newInvocation, runAs } from './invocation.ts';
import type { Tally } from './tally.ts';

/** What the sender of a webhook gets: the function's answer, or nothing that it could use. */
export type HttpOutcome = 'killed' | { status: number; body: Record<string, unknown> };

export interface FunctionRunsPorts {
  seed: number;
  handler: UsherHandler;
  /** Per cent of the invocations that die. */
  killed: () => number;
  tally: Tally;
  onUnexpected: (key: string, error: unknown) => void;
}

/** Real milliseconds. What the function keeps back of its time for the end of a job is on top. */
const jobLimitMs = 2000;
const reservedMs = 2000;
/** Timers and this clock do not agree to the millisecond. */
const marginMs = 50;
const httpLimitMs = 30_000;
const queueArn = 'arn:aws:sqs:eu-west-1:000000000000:usher-jobs.fifo';

/** Runs the function as Lambda does: each invocation on its own, and one that dies answers nobody. */
export class FunctionRuns {
  readonly #ports: FunctionRunsPorts;

  constructor(ports: FunctionRunsPorts) {
    this.#ports = ports;
  }

  async http(key: string, event: APIGatewayProxyEventV2): Promise<HttpOutcome> {
    const context = createLambdaContext({ timeoutMs: httpLimitMs });
    const { invocation, result } = await this.#run(key, () => this.#ports.handler(event, context));
    if (invocation.isDead) return 'killed';
    const { statusCode, body } = result as APIGatewayProxyStructuredResultV2;
    return { status: Number(statusCode), body: JSON.parse(String(body)) as Record<string, unknown> };
  }

  async job(key: string, message: Message): Promise<'done' | 'failed'> {
    const context = createLambdaContext({ timeoutMs: jobLimitMs + reservedMs });
    const event = toSqsEvent([message], queueArn);
    const { invocation, result } = await this.#run(key, () => this.#ports.handler(event, context));
    if (invocation.isDead) return 'failed';
    return (result as SQSBatchResponse).batchItemFailures.length > 0 ? 'failed' : 'done';
  }

  async #run(key: string, call: () => ReturnType<UsherHandler>) {
    const invocation = newInvocation(this.#ports.seed, key, this.#ports.killed());
    try {
      const result = await runAs(invocation, call);
      return { invocation, result };
    } catch (error) {
      // Lambda would answer 500 or give the job back. The handler itself has an answer to everything.
      if (!invocation.isDead) this.#ports.onUnexpected(key, error);
      invocation.isDead = true;
      return { invocation, result: undefined };
    } finally {
      this.#finish(invocation);
    }
  }

  #finish(invocation: Invocation): void {
    this.#ports.tally.add('invocations');
    if (invocation.isDead) this.#ports.tally.add('killed');
    const { mails, faults, begun } = invocation;
    const isOverLimit = performance.now() - begun > jobLimitMs - marginMs;
    for (const mail of mails) mail.metFault ||= faults > mail.faultsBefore || isOverLimit;
  }
}
