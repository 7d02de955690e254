/** So many calls in so many seconds, of those whose path contains a text or of all. */
export interface Limit {
  calls: number;
  seconds: number;
  pathContains?: string;
}

interface Bucket extends Limit {
  /** Calls that may be made at once; never more than `calls`. */
  left: number;
  /** In milliseconds. */
  filledAt: number;
}

/** The vendor's limits, as token buckets: full in the beginning, and refilled evenly. Nobody is limited until they are on. */
export class Limits {
  isOn = false;
  readonly #limits: readonly Limit[];
  readonly #now: () => Date;
  #buckets: Bucket[] = [];

  constructor(limits: readonly Limit[], now: () => Date) {
    this.#limits = limits;
    this.#now = now;
  }

  /** Switches them on, with full buckets, or off. */
  switch(isOn: boolean): void {
    this.isOn = isOn;
    const filledAt = this.#now().getTime();
    this.#buckets = this.#limits.map((limit) => ({ ...limit, left: limit.calls, filledAt }));
  }

  list(): readonly Limit[] {
    return this.#limits;
  }

  /** Counts a call; answers the seconds until it would be allowed, 0 when it is. A refused call costs nothing. */
  take(path: string): number {
    if (!this.isOn) return 0;
    const now = this.#now().getTime();
    const meant = this.#buckets.filter(({ pathContains = '' }) => path.includes(pathContains));
    for (const bucket of meant) {
      const { calls, seconds, left, filledAt } = bucket;
      bucket.left = Math.min(calls, left + ((now - filledAt) / 1000) * (calls / seconds));
      bucket.filledAt = now;
    }
    const waits = meant.map(({ calls, seconds, left }) => Math.max(0, 1 - left) * (seconds / calls));
    const wait = Math.max(0, ...waits);
    if (wait === 0) for (const bucket of meant) bucket.left -= 1;
    return wait;
  }
}
