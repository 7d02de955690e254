/** How CRMs limit their API: so many calls a second over a while, and a few more at once. */
const [perSecond, capacity] = [20, 4] as const;

export class TokenBucket {
  #tokens: number = capacity;
  #filledAt = 0;

  /**
   * Takes a token. Without one it answers in how many milliseconds there will be one.
   *
   * @param now milliseconds
   */
  take(now: number): number {
    this.#tokens = Math.min(this.#tokens + ((now - this.#filledAt) / 1000) * perSecond, capacity);
    this.#filledAt = now;
    if (this.#tokens < 1) return Math.ceil(((1 - this.#tokens) / perSecond) * 1000);
    this.#tokens -= 1;
    return 0;
  }
}
