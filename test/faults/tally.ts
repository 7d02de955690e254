/** Counts by name, in the order in which the names came up. */
export class Tally {
  readonly #counts = new Map<string, number>();

  add(name: string, count = 1): void {
    this.#counts.set(name, this.count(name) + count);
  }

  count(name: string): number {
    return this.#counts.get(name) ?? 0;
  }

  /** Those whose names begin so, without that beginning, the most frequent first. */
  under(prefix: string): [name: string, count: number][] {
    return [...this.#counts]
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, count]): [string, number] => [name.slice(prefix.length), count])
      .sort(([, one], [, other]) => other - one);
  }

  total(prefix: string): number {
    return this.under(prefix).reduce((sum, [, count]) => sum + count, 0);
  }
}
