/** Why the calls of a connection go one by one. */
export type SlowReason = 'rate_limited' | 'unavailable';

/** Live: single webhooks and what they lead to. Batch: arrays, imports, replays, and what they lead to. */
export type LaneName = 'live' | 'batch';

/** One of the two lines in front of a CRM. Times are milliseconds since 1970. */
export interface Lane {
  /** When the next call may go, and when the last one went. */
  next: number;
  last: number;
  /** Calls that have joined the line so far, and those that have left it for the CRM. */
  joined: number;
  served: number;
}

/** How fast a CRM that limits our calls or fails may be called. There is none while all is well. */
export interface Rate {
  reason: SlowReason;
  since: number;
  perSecond: number;
  /** What the CRM's limit allows, as far as it is known: where to go on when it has failed in between. */
  limit?: number;
  /** Nothing but one refusal is known: the rate doubles every second until the next one. */
  isStarting?: boolean;
  /** Counts the cuts. A call that was let through before a cut says nothing about the rate after it. */
  epoch: number;
  cutAt: number;
  /** Calls that succeeded since the last cut, and failures since then that were put down to their contacts. */
  went: number;
  own: number;
  /** Cuts since the last success. */
  inVain: number;
  succeededAt: number;
  /** When somebody had to wait for the last time. */
  heldAt: number;
  live: Lane;
  batch: Lane;
}

/** What a refusal says besides that it came. */
export interface Refusal {
  /** The time that the CRM named, in milliseconds. */
  namedMs?: number | undefined;
  /** Calls a second that the vendor documents, or that the headers of its answer tell. */
  documented?: number | undefined;
}

/** A CRM that limits us and whose vendor documents no number is asked once a second at first. */
const firstLimit = 1;
/** The slowest that a limit makes us, unless its vendor documents less: two calls in five seconds. */
const slowestLimit = 0.4;
/** Where failures begin to slow us, and where successes end it. */
const [firstFailing, fastEnough] = [4, 16] as const;
/** The slowest that failures make us: a call in four seconds. Somebody has to find out when the CRM is back. */
const slowestFailing = 0.25;
/** The longest that one refusal keeps a whole connection waiting, in milliseconds. */
const longestPauseMs = 5 * 60_000;
/**
 * The first named time is kept in full. Later ones may be meant for one contact only: they are kept for so long at most, in
 * milliseconds, and after so many refusals in vain for twice as long each time.
 */
const [shortPauseMs, patience] = [2000, 20] as const;
/** Without a refusal, and without anybody who waits, a limit is forgotten after so long, in milliseconds. */
const quietMs = 3 * 60_000;
/** How long a failure is remembered for its contact, in milliseconds. */
const rememberedMs = 15 * 60_000;

const newLane = (now: number): Lane => ({ next: now, last: now, joined: 0, served: 0 });

const newRate = (reason: SlowReason, perSecond: number, now: number): Rate => ({
  reason,
  since: now,
  perSecond,
  epoch: 0,
  cutAt: now,
  went: 0,
  own: 0,
  inVain: 0,
  succeededAt: 0,
  heldAt: now,
  live: newLane(now),
  batch: newLane(now),
});

/** Nobody calls before the pause is over; from then on calls go at the new rate. */
function cut(rate: Rate, change: Partial<Rate> & { perSecond: number }, pauseMs: number, now: number): Rate {
  const next = now + Math.min(pauseMs, longestPauseMs);
  const gap = 1000 / change.perSecond;
  // Single webhooks that have failed stand in the batch's line. One that has not tells more about the CRM, and goes first.
  const later = Math.max(next, Math.min(next + 2 * gap, rate.batch.last + 4 * gap));
  return {
    ...rate,
    ...change,
    epoch: rate.epoch + 1,
    cutAt: next,
    went: 0,
    own: 0,
    inVain: rate.inVain + 1,
    heldAt: now,
    live: { ...rate.live, next },
    batch: { ...rate.batch, next: later },
  };
}

/**
 * The CRM wants fewer calls (429). The first time calls go on at what its vendor documents, else at one a second with a slow
 * start. From then on they fall to a little under what really went through since the last cut, by half at most.
 */
export function limited(rate: Rate | undefined, { namedMs, documented }: Refusal, now: number): Rate {
  if (rate?.limit === undefined) {
    const perSecond = documented ?? firstLimit;
    const change = { reason: 'rate_limited', perSecond, limit: perSecond } as const;
    const begun = rate ?? newRate('rate_limited', perSecond, now);
    return cut(begun, { ...change, isStarting: documented === undefined }, namedMs ?? 1000 / perSecond, now);
  }
  const wentThrough = rate.went / Math.max((now - rate.cutAt) / 1000, 0.001);
  const slower = Math.min(Math.max(0.9 * wentThrough, rate.perSecond / 2), 0.9 * rate.perSecond);
  const perSecond = Math.max(slower, Math.min(slowestLimit, documented ?? slowestLimit));
  const longest = shortPauseMs * 2 ** Math.max(rate.inVain - patience, 0);
  const pauseMs = namedMs === undefined ? 1000 / perSecond : Math.min(namedMs, longest);
  return cut(rate, { reason: 'rate_limited', perSecond, limit: perSecond, isStarting: false }, pauseMs, now);
}

/** The CRM fails: half as fast as before, down to a call in four seconds. */
export function failed(rate: Rate | undefined, { namedMs }: Refusal, now: number): Rate {
  const before = rate ?? newRate('unavailable', 2 * firstFailing, now);
  const half = Math.max(Math.min(before.perSecond / 2, firstFailing), slowestFailing);
  const perSecond = Math.min(before.perSecond, half);
  const since = before.reason === 'unavailable' ? before.since : now;
  return cut(before, { reason: 'unavailable', since, perSecond }, namedMs ?? 1000 / perSecond, now);
}

/** Calls have succeeded: one that fails is trusted again at once, one that limits us a little more. Undefined: all is well. */
export function succeeded(rate: Rate, calls: number, now: number): Rate | undefined {
  const after: Rate = { ...rate, went: rate.went + calls, inVain: 0, succeededAt: now };
  if (rate.reason === 'unavailable') return recovered(after, calls, now);
  if (now - rate.cutAt > quietMs && now - rate.heldAt > quietMs) return undefined;
  const perSecond = rate.perSecond * growth(rate, calls, now);
  return { ...after, perSecond, limit: perSecond };
}

/**
 * At the start twice as fast every second, later three hundredths a second, and six for one success at most. From one call
 * a second on only time in which the rate was used counts: what nobody needs is not tried.
 */
function growth(rate: Rate, calls: number, now: number): number {
  const passed = Math.max(now - Math.max(rate.succeededAt, rate.cutAt), 0) / 1000;
  const seconds = rate.perSecond < 1 ? passed : Math.min(passed, calls / rate.perSecond);
  return rate.isStarting ? 2 ** Math.min(seconds, calls) : 1 + Math.min(0.03 * seconds, 0.06 * calls);
}

function recovered(rate: Rate, calls: number, now: number): Rate | undefined {
  const perSecond = rate.perSecond * 4 ** calls;
  const { limit } = rate;
  if (limit !== undefined && perSecond >= limit) {
    return { ...rate, reason: 'rate_limited', perSecond: limit, since: now };
  }
  const hurried = (lane: Lane): Lane => ({ ...lane, next: Math.min(lane.next, now + 1000 / perSecond) });
  return perSecond >= fastEnough
    ? undefined
    : { ...rate, perSecond, live: hurried(rate.live), batch: hurried(rate.batch) };
}

/**
 * Whether a failure says nothing about the CRM: this contact has failed before, and others have succeeded since. In a real
 * outage nobody succeeds, so everybody's failure counts; and while most calls fail, the contacts are not to blame.
 *
 * @param failedAt when a call for this contact failed before
 */
export function isContactsOwn(rate: Rate | undefined, failedAt: number | undefined, now: number): boolean {
  if (failedAt === undefined || failedAt < now - rememberedMs) return false;
  return rate === undefined || (rate.succeededAt > failedAt && rate.own <= 2 + rate.went / 2);
}
