/** One request to the CRM's API. */
export interface RecordedRequest {
  method: string;
  /** Without the query. */
  path: string;
  query: string;
  /** The status that was sent, or `null`: not answered (yet, or because of a fault). */
  status: number | null;
  /** When it came in, ISO 8601. */
  at: string;
}

/** Requests kept; a long-running sandbox forgets the oldest. */
const kept = 10_000;

/** What the CRM's API was asked, oldest first. Requests to the control paths are not among it. */
export class RequestLog {
  #requests: RecordedRequest[] = [];
  #count = 0;

  record(request: RecordedRequest): void {
    this.#count += 1;
    this.#requests.push(request);
    if (this.#requests.length >= 2 * kept) this.#requests = this.#requests.slice(-kept);
  }

  /** How many requests came since the start or the last `clear`. */
  count(): number {
    return this.#count;
  }

  list(): RecordedRequest[] {
    return this.#requests.slice(-kept);
  }

  clear(): void {
    this.#requests = [];
    this.#count = 0;
  }
}
