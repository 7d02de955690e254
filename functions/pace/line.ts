import type { Lane, LaneName, Rate } from './rate.ts';

/** Nobody reserves a slot further ahead, in milliseconds: what is reserved before a cut does not count after it. */
export const nearMs = 1000;
/** The ticket of a single webhook that has failed: it stands in the batch's line, before everybody else there. */
export const front = 0;

/** Who asks for a slot. Without a ticket it has not waited yet. */
export interface Asking {
  lane: LaneName;
  ticket?: number | undefined;
}

const isWaited = ({ joined, served }: Lane) => joined > served;

/** Milliseconds between two calls of a lane. While both wait, every fourth call is the batch's. */
function gapMs({ perSecond, batch }: Rate, lane: LaneName): number {
  const gap = 1000 / perSecond;
  return lane === 'live' && isWaited(batch) ? (gap * 4) / 3 : gap;
}

/** Sleepers wake on whole seconds, and a little late. In milliseconds. */
const lateMs = 3000;

/** How many have had their turn by now: a slot that nobody took is gone, and the line has moved on. */
function passed(rate: Rate, lane: LaneName, now: number): number {
  const { next, joined, served } = rate[lane];
  const unused = Math.floor(Math.max(now - next - lateMs, 0) / gapMs(rate, lane));
  return Math.min(served + unused, Math.max(joined, served));
}

/** How many calls go before the holder of a ticket; below zero when its turn is over. */
const placeOf = (rate: Rate, { lane, ticket }: Required<Asking>, now: number): number =>
  (ticket ?? 0) - passed(rate, lane, now) - 1;

/** Seconds that so many calls of a lane take. */
function secondsFor(calls: number, rate: Rate, lane: LaneName): number {
  const other = lane === 'live' ? rate.batch : rate.live;
  const share = isWaited(other) ? (lane === 'live' ? 0.75 : 0.25) : 1;
  return calls / (rate.perSecond * share);
}

/** When whoever asks may expect its turn, in milliseconds from now. */
export function expectedWaitMs(rate: Rate, { lane, ticket }: Asking, now: number): number {
  const { next, joined } = rate[lane];
  const before = Math.max(placeOf(rate, { lane, ticket: ticket ?? joined + 1 }, now), 0);
  return Math.max(next - now, 0) + secondsFor(before, rate, lane) * 1000;
}

/** Slots that were taken. */
export interface Slot {
  rate: Rate;
  /** When the first call may go; the others follow at the distance of `1000 / perSecond`. */
  at: number;
}

/**
 * Takes the next slots of a lane, if they are within a second and nobody waits before the one who asks. A live call pushes
 * the batch back by one slot, but never by more than three in a row.
 */
export function take(rate: Rate, asking: Asking, calls: number, now: number): Slot | undefined {
  const { lane, ticket } = asking;
  const { next, joined } = rate[lane];
  const gap = 1000 / rate.perSecond;
  // Who is before this one is asleep, or the slot would not lie idle.
  const isIdle = now > next + gap;
  if (!isIdle && expectedWaitMs(rate, asking, now) > nearMs) return undefined;
  const at = Math.max(next, now);
  const after: Lane = {
    next: at + calls * gapMs(rate, lane),
    last: at,
    // Whoever has a ticket has joined already; the front is no place in the line.
    joined: joined + calls - (ticket ? 1 : 0),
    served: passed(rate, lane, now) + calls,
  };
  if (lane === 'batch') return { at, rate: { ...rate, batch: after } };
  const { batch } = rate;
  const pushed = Math.min(Math.max(batch.next, now) + calls * gap, batch.last + 4 * gap);
  return { at, rate: { ...rate, live: after, batch: { ...batch, next: Math.max(batch.next, pushed) } } };
}

/** Joins the line of a lane. Its end is the ticket of whoever joined last. */
export function join(rate: Rate, lane: LaneName, calls: number, now: number): Rate {
  const { joined, ...rest } = rate[lane];
  return { ...rate, heldAt: now, [lane]: { ...rest, joined: joined + calls } };
}

/** Rather awake a little early than a slot unused: so much of the wait is slept. */
const early = 0.9;
/** A line of so many seconds is slept through in pieces; see below. */
const [soonSeconds, soonestSleep, longestSleep] = [600, 120, 900] as const;
/** How long somebody sleeps whose turn is over: at most so many seconds, and this part of what the line still takes. */
const [latestSleep, latestShare] = [180, 0.04] as const;
/** In seconds. */
const shortestSleep = 5;

/** The longest that anybody sleeps, in seconds: a CRM that has recovered must not wait for sleepers. */
export function longestSleepSeconds({ reason, since }: Rate, now: number): number {
  const seconds = (now - since) / 1000;
  // How long trouble will last is not known. So far it has lasted as long as it has.
  return Math.min(Math.max(seconds / (reason === 'unavailable' ? 4 : 2), shortestSleep), longestSleep);
}

/**
 * How long a job that waits for its turn sleeps, in seconds: until its turn, but no longer than two minutes when that is
 * within ten, else a quarter of the wait, a quarter of an hour at most. Whose turn is over has met others whose turn is over:
 * the longer ago, the longer it sleeps.
 */
export function sleepSeconds(rate: Rate, asking: Required<Asking>, now: number): number {
  const { lane, ticket } = asking;
  const wait = expectedWaitMs(rate, asking, now) / 1000;
  const sleep = wait <= soonSeconds ? Math.min(wait * early, soonestSleep) : wait / 4;
  const overdue = ticket === front ? 0 : Math.max(-placeOf(rate, asking, now), 0);
  const { joined, served } = rate[lane];
  const line = secondsFor(Math.max(joined - served, 0), rate, lane);
  const late = Math.min(secondsFor(overdue, rate, lane) / 2, latestSleep, latestShare * line);
  return Math.max(Math.floor(Math.min(sleep + late, longestSleepSeconds(rate, now))), 1);
}
