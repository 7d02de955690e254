/** Time, as an import has it: in tests it jumps. */
export interface Clock {
  now: () => Date;
  sleep: (ms: number) => Promise<void>;
}

/** Lets so many through in a second, evenly. */
export function throttle(perSecond: number, { now, sleep }: Clock): () => Promise<void> {
  let next = 0;
  return async () => {
    const ms = now().getTime();
    const at = Math.max(ms, next);
    next = at + 1000 / perSecond;
    if (at > ms) await sleep(at - ms);
  };
}
