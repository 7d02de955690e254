import type { HeldReason } from '../crm/crm-errors.ts';
import type { AccessNews } from '../pace/access.ts';

/** What a webhook waits for, in the order of its way. */
export type StepName = 'key' | 'store' | 'crm' | 'queue' | 'ses';

/** One invocation: when it has to end, and where its time goes. */
export interface Invocation {
  /** Fires when the sender should have its answer. */
  signal: AbortSignal;
  /** Milliseconds by step, for the log. Steps that did not happen are absent. */
  ms: Partial<Record<StepName | 'total', number>>;
  /** What is left until the signal fires, in milliseconds. */
  leftMs(): number;
  /** Requests made to the CRM, retries included. */
  crmCalls: number;
  /** Why a call of the CRM was held back. */
  heldFor?: HeldReason;
  /** The CRM has begun to refuse us, or lets us in again. */
  access?: AccessNews;
  /** Ends the invocation so many milliseconds after its start, if that is sooner. */
  endWithin(ms: number): void;
  /** Runs one step and adds its time. */
  time<Result>(step: StepName, work: () => Promise<Result>): Promise<Result>;
  /** Sets the total, and lets nothing fire any more. */
  end(): void;
}

/**
 * Starts the clock of an invocation.
 *
 * @param givenMs after so long its signal fires
 */
export function startInvocation(givenMs: number): Invocation {
  const start = performance.now();
  const limit = new AbortController();
  let limitMs = givenMs;
  const abort = () => limit.abort(new DOMException('The invocation has no more time.', 'TimeoutError'));
  // Not `AbortSignal.timeout`, which lives on after the answer and costs a webhook a tenth of its CPU time.
  let timer = setTimeout(abort, limitMs).unref();
  const invocation: Invocation = {
    signal: limit.signal,
    leftMs: () => limitMs - (performance.now() - start),
    ms: {},
    crmCalls: 0,
    endWithin(ms) {
      if (ms >= limitMs) return;
      limitMs = ms;
      clearTimeout(timer);
      timer = setTimeout(abort, Math.max(invocation.leftMs(), 0)).unref();
    },
    async time(step, work) {
      const begun = performance.now();
      try {
        return await work();
      } finally {
        invocation.ms[step] = Math.round((invocation.ms[step] ?? 0) + performance.now() - begun);
      }
    },
    end() {
      clearTimeout(timer);
      invocation.ms.total = Math.round(performance.now() - start);
    },
  };
  return invocation;
}

/** Everything of an AWS SDK client that runtime code uses. */
interface Sender {
  // biome-ignore lint/suspicious/noExplicitAny: each client's `send` has overloads of its own; they pass through untouched.
  send: (...args: any[]) => any;
}

/** An AWS client whose calls count as a step of this invocation and end with it. */
export function timed<Client extends Sender>(
  client: Client,
  step: StepName,
  invocation: Invocation,
): Pick<Client, 'send'> {
  const send = (command: unknown) =>
    invocation.time(step, () => client.send(command, { abortSignal: invocation.signal }) as Promise<unknown>);
  return { send: send as Client['send'] };
}
