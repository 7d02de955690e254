/** How a contact is answered that the CRM cannot give away. */
export type Broken = '403' | '429' | '429 with a time' | '500' | 'hang';

export interface CrmModelOptions {
  /** Calls a second that it allows. */
  perSecond: number;
  /** `Retry-After` of its 429, in seconds. */
  namedSeconds?: number | undefined;
  /** Milliseconds between which it does not work. */
  outage?: { from: number; until: number } | undefined;
}

export type Answer = 'ok' | 'limited' | 'failed' | 'refused';

/** What a call came to, after how many milliseconds, and the time that a limit named. */
export interface Outcome {
  answer: Answer;
  ms: number;
  namedMs?: number | undefined;
}

const [latencyMs, hangMs, contactNamedMs] = [100, 10_000, 30_000] as const;

/** A CRM with a token bucket of one second. */
export class CrmModel {
  calls = 0;
  refusals = 0;
  outageCalls = 0;
  readonly #options: CrmModelOptions;
  #tokens: number;
  #filledAt = 0;

  constructor(options: CrmModelOptions) {
    this.#options = options;
    this.#tokens = Math.max(options.perSecond, 1);
  }

  call(broken: Broken | undefined, now: number): Outcome {
    this.calls += 1;
    const { outage, perSecond, namedSeconds } = this.#options;
    if (outage && now >= outage.from && now < outage.until) {
      this.outageCalls += 1;
      return { answer: 'failed', ms: latencyMs };
    }
    if (broken === 'hang') return { answer: 'failed', ms: hangMs };
    if (broken === '500') return { answer: 'failed', ms: latencyMs };
    if (broken === '403') return { answer: 'refused', ms: latencyMs };
    if (broken !== undefined) {
      return { answer: 'limited', ms: latencyMs, namedMs: broken === '429' ? undefined : contactNamedMs };
    }
    const filled = this.#tokens + ((now - this.#filledAt) / 1000) * perSecond;
    this.#tokens = Math.min(filled, Math.max(perSecond, 1));
    this.#filledAt = now;
    if (this.#tokens >= 1) {
      this.#tokens -= 1;
      return { answer: 'ok', ms: latencyMs };
    }
    this.refusals += 1;
    const namedMs = namedSeconds === undefined ? undefined : namedSeconds * 1000;
    return { answer: 'limited', ms: latencyMs, namedMs };
  }
}
