import { CrmHeld } from '../crm/crm-errors.ts';
import type { Caller } from './caller.ts';
import { front, longestSleepSeconds, sleepSeconds } from './line.ts';
import { decide } from './local.ts';
import type { LaneName, Rate } from './rate.ts';
import type { SharedState } from './shared-state.ts';

const heldReasons = { rate_limited: 'crm_rate_limited', unavailable: 'crm_unavailable' } as const;

/** Seconds that a failed job stays behind the others of a CRM that limits us: twice as long each time. */
const longestBehindSeconds = 60;

/** How long a job that has failed sleeps at least, in seconds, with jitter: longer with every failure, or with the CRM's. */
export function behindSeconds(rate: Rate, failures: number, { randomInt }: Caller, now: number): number {
  const longest =
    rate.reason === 'unavailable'
      ? longestSleepSeconds(rate, now)
      : Math.min(2 * 2 ** failures, longestBehindSeconds);
  return (longest * (1 + randomInt(1000) / 1000)) / 2;
}

/** Somebody's place in a line: whoever has failed stands behind the others, a single webhook before the batch. */
async function placeOf({ lane, turn, isPassing = false }: Caller) {
  const { failures, ticket } = isPassing ? { failures: 0, ticket: undefined } : await turn.read();
  if (failures === 0) return { failures, asking: { lane, ticket, isPassing } };
  const behind: LaneName = 'batch';
  return { failures, asking: { lane: behind, ticket: lane === 'live' ? front : ticket, isPassing } };
}

/**
 * Waits for a slot that is a second away at most.
 *
 * @returns the epoch of the rate; undefined when there is none any more
 * @throws CrmHeld when it is further away; the turn then knows how long the job is to sleep
 */
export async function awaitSlot(shared: SharedState, caller: Caller): Promise<number | undefined> {
  const { turn, isPassing, sleep, onHeld } = caller;
  const { failures, asking } = await placeOf(caller);
  let granted: { at: number; epoch: number | undefined } = { at: 0, epoch: undefined };
  let held: { rate: Rate; ticket: number } | undefined;
  await shared.change(({ rate, access }) => {
    held = undefined;
    if (!rate) return undefined;
    const decision = decide(rate, shared.local, asking, shared.now());
    shared.local = decision.local;
    if (decision.go) granted = decision;
    else held = decision;
    const { write } = decision;
    return write && { rate: write === 'over' ? undefined : write, access };
  });
  if (held) {
    const { rate, ticket } = held as { rate: Rate; ticket: number };
    const now = shared.now();
    const rest = sleepSeconds(rate, { lane: asking.lane, ticket }, now);
    const behind = failures > 0 ? Math.ceil(behindSeconds(rate, failures, caller, now)) : 0;
    turn.restSeconds = Math.max(rest, behind);
    if (!isPassing && ticket !== front) await turn.wait(ticket);
    const reason = heldReasons[rate.reason];
    onHeld(reason);
    throw new CrmHeld(reason);
  }
  const ms = granted.at - shared.now();
  if (ms > 0) await sleep(ms);
  return granted.epoch;
}
