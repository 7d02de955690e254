/** What conversations with one account remember: dictionaries that change rarely. */
export interface Memory {
  /** What is kept under a name, if it will do; else what `ask` finds out. */
  recall(
    name: string,
    ask: () => Promise<unknown>,
    isEnough: (value: never) => boolean,
    now: Date,
  ): Promise<unknown>;
}

const keptMs = 60 * 60 * 1000;

/** Kept by the process, for one connection. What could not be found out is not kept. */
export function createMemory(): Memory {
  const kept = new Map<string, { value: unknown; at: number }>();
  return {
    async recall(name, ask, isEnough, now) {
      const known = kept.get(name);
      const isFresh = known !== undefined && now.getTime() - known.at < keptMs;
      if (isFresh && isEnough(known.value as never)) return known.value;
      const value = await ask();
      kept.set(name, { value, at: now.getTime() });
      return value;
    },
  };
}
