import { type CheckedFault, checkFault, type Fault } from './fault.ts';

/** What the injected faults do to one request. */
interface FaultPlan {
  /** Delay before the request is carried out, in milliseconds. */
  delayBefore: number;
  /** Delay between that and the answer, in milliseconds. */
  delayAfter: number;
  /** What happens to the answer. */
  fault: CheckedFault | undefined;
}

interface Injected {
  fault: CheckedFault;
  left: number;
}

const noFault: FaultPlan = { delayBefore: 0, delayAfter: 0, fault: undefined };

/**
 * The faults of a sandbox, in the order of their injection. For a request all delays that fit add up, and of the
 * other faults the first that fits applies; the next one waits until that is used up.
 */
export class Faults {
  #injected: Injected[] = [];

  /** @throws {InvalidFault} */
  inject(fault: Fault): void {
    const checked = checkFault(fault);
    this.#injected.push({ fault: checked, left: checked.times ?? Number.POSITIVE_INFINITY });
  }

  clear(): void {
    this.#injected = [];
  }

  /** What is still to come, `times` being how often. */
  list(): CheckedFault[] {
    return this.#injected.map(({ fault, left }) =>
      Number.isFinite(left) ? { ...fault, times: left } : fault,
    );
  }

  /** What the faults do to this request; they count it. */
  take(method: string, url: string): FaultPlan {
    if (this.#injected.length === 0) return noFault;
    const plan: FaultPlan = { ...noFault };
    for (const entry of this.#injected) {
      const { fault } = entry;
      if (!fits(fault, method, url) || (plan.fault && fault.kind !== 'latency')) continue;
      entry.left -= 1;
      plan[fault.applies === 'before' ? 'delayBefore' : 'delayAfter'] += fault.latencyMs ?? 0;
      if (fault.kind !== 'latency') plan.fault = fault;
    }
    this.#injected = this.#injected.filter(({ left }) => left > 0);
    return plan;
  }
}

function fits({ method, pathContains }: CheckedFault, requestMethod: string, url: string): boolean {
  if (method !== undefined && method.toUpperCase() !== requestMethod) return false;
  return pathContains === undefined || url.includes(pathContains) || decoded(url).includes(pathContains);
}

function decoded(url: string): string {
  try {
    return decodeURIComponent(url.replaceAll('+', ' '));
  } catch {
    return url;
  }
}
