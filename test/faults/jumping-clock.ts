/** A clock that runs as the real one and can be put forward. */
export interface JumpingClock {
  now(): Date;
  /** Puts it forward. Only while nothing runs: a call that takes seconds must not last hours. */
  jump(ms: number): void;
}

export function jumpingClock(): JumpingClock {
  let aheadMs = 0;
  return {
    now: () => new Date(Date.now() + aheadMs),
    jump(ms) {
      aheadMs += ms;
    },
  };
}
