import { type Asking, join, take } from './line.ts';
import { type LaneName, type Rate, succeeded } from './rate.ts';

/**
 * What one process knows about the rate of a connection and has not told the others yet. It makes one write for many calls,
 * so that a few writes a second are enough for all functions together.
 */
export interface Local {
  joined: Record<LaneName, number>;
  went: number;
  /** Slots that were taken and not used yet, in milliseconds since 1970, and whose they are. */
  slots: readonly number[];
  slotsOf: { lane: LaneName; epoch: number };
  writtenAt: number;
  /** How many had joined each line at the last write, and how many of all functions join it for one of this process. */
  seen: Record<LaneName, number>;
  crowd: Record<LaneName, number>;
}

export const newLocal = (): Local => ({
  joined: { live: 0, batch: 0 },
  went: 0,
  slots: [],
  slotsOf: { lane: 'live', epoch: -1 },
  writtenAt: 0,
  seen: { live: 0, batch: 0 },
  crowd: { live: 1, batch: 1 },
});

/** At least so long between two writes that nothing depends on, in milliseconds. */
const writeEveryMs = 1000;
/** Writes a second for the slots of all functions together, and as many for their successes. */
const writesPerSecond = 5;
/** A slot that was not used is given up after so long, in milliseconds. */
const staleMs = 2000;

/** What is known after an answer, and what has to be written: undefined when nothing, `over` when the rate is forgotten. */
interface Step {
  local: Local;
  write?: Rate | 'over';
}

export type Decision = Step &
  ({ go: true; at: number; epoch: number } | { go: false; rate: Rate; ticket: number });

/** The rate with what this process has not told yet; undefined when it is over. */
function settled(rate: Rate, { joined, went }: Local, now: number): Rate | undefined {
  const after = went > 0 ? succeeded(rate, went, now) : rate;
  if (!after) return undefined;
  const lanes: LaneName[] = ['live', 'batch'];
  return lanes.reduce((one, lane) => (joined[lane] > 0 ? join(one, lane, joined[lane], now) : one), after);
}

/** Nothing is left to tell but the slots that it keeps. */
function told(local: Local, rate: Rate, now: number): Local {
  const { slots, slotsOf, joined, seen, crowd } = local;
  const share = (lane: LaneName) =>
    joined[lane] > 0 && seen[lane] > 0
      ? Math.max((rate[lane].joined - seen[lane]) / joined[lane], 1)
      : crowd[lane];
  return {
    ...newLocal(),
    slots,
    slotsOf,
    writtenAt: now,
    seen: { live: rate.live.joined, batch: rate.batch.joined },
    crowd: { live: share('live'), batch: share('batch') },
  };
}

/** Whoever gets no slot waits in the line, with a ticket for its place. A webhook does not: its job will. */
function held(rate: Rate, local: Local, asking: Asking & { isPassing?: boolean }, now: number): Decision {
  const { lane } = asking;
  const isNew = asking.ticket === undefined && !asking.isPassing;
  const line = isNew ? join(rate, lane, 1, now) : { ...rate, heldAt: now };
  // The others of the crowd join meanwhile: one ticket for all would bring them back at once.
  const others = Math.round((local.crowd[lane] - 1) * (local.joined[lane] + 1));
  const ticket = asking.ticket ?? line[lane].joined + others;
  if (now - local.writtenAt >= writeEveryMs) {
    return { go: false, rate: line, ticket, local: told(local, line, now), write: line };
  }
  const joined = isNew ? { ...local.joined, [lane]: local.joined[lane] + 1 } : local.joined;
  return { go: false, rate: line, ticket, local: { ...local, joined } };
}

/** Whether a call may go within a second, and when; else its place in the line. */
export function decide(
  rate: Rate,
  local: Local,
  asking: Asking & { isPassing?: boolean },
  now: number,
): Decision {
  const { lane } = asking;
  const { epoch } = rate;
  const isOwn = local.slotsOf.lane === lane && local.slotsOf.epoch === epoch;
  const [slot, ...slots] = isOwn ? local.slots.filter((at) => at > now - staleMs) : [];
  if (slot !== undefined) return { go: true, at: Math.max(slot, now), epoch, local: { ...local, slots } };
  const current = settled(rate, local, now);
  if (!current) return { go: true, at: now, epoch, local: newLocal(), write: 'over' };
  const calls = Math.max(Math.round(current.perSecond / writesPerSecond), 1);
  const taken = take(current, asking, calls, now);
  if (!taken) return held(current, local, asking, now);
  const gap = 1000 / current.perSecond;
  const rest = Array.from({ length: calls - 1 }, (_, index) => taken.at + (index + 1) * gap);
  const after = { ...told(local, taken.rate, now), slots: rest, slotsOf: { lane, epoch } };
  return { go: true, at: taken.at, epoch, local: after, write: taken.rate };
}

/** A call has succeeded. That is told at once, unless somebody has told the same a moment ago. */
export function counted(rate: Rate, local: Local, now: number): Step {
  const after = { ...local, went: local.went + 1 };
  const isTold = now - rate.succeededAt < 1000 / writesPerSecond;
  if (rate.reason === 'rate_limited' && isTold) return { local: after };
  const current = settled(rate, after, now);
  return current
    ? { local: told(after, current, now), write: current }
    : { local: newLocal(), write: 'over' };
}

/** The rate as a failure finds it: with what this process has not told yet, which is told with what becomes of it. */
export function upToDate(
  rate: Rate | undefined,
  local: Local,
  now: number,
): { rate: Rate | undefined; local: Local } {
  const current = rate && settled(rate, local, now);
  return { rate: current, local: current ? told(local, current, now) : newLocal() };
}
