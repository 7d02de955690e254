/** Time, as an import has it: in tests it jumps. */
export interface Clock {
  now: () => Date;
  sleep: (ms: number) => Promise<void>;
}

/** Lets so many through in a second, evenly. */
export function throttle(perSecond: number, { now, sleep }: Clock): () => Promise<void> {
  const gap = 1000 / perSecond;
  let next = 0;
  return async () => {
    const ms = now().getTime();
    // A clock that was set back meanwhile makes nobody wait longer than one gap.
    const at = Math.min(Math.max(ms, next), ms + gap);
    next = at + gap;
    if (at > ms) await sleep(at - ms);
  };
}
