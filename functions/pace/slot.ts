import { CrmHeld } from '../crm/crm-errors.ts';
import { behindSeconds, standing } from './behind.ts';
import { type Caller, jitter } from './caller.ts';
import { front, sleepSeconds } from './line.ts';
import { decide } from './local.ts';
import type { Rate } from './rate.ts';
import type { SharedState } from './shared-state.ts';

const heldReasons = { rate_limited: 'crm_rate_limited', unavailable: 'crm_unavailable' } as const;

/**
 * Waits for a slot that is a second away at most.
 *
 * @returns the epoch of the rate; undefined when there is none any more
 * @throws CrmHeld when it is further away; the turn then knows how long the job is to sleep
 */
export async function awaitSlot(shared: SharedState, caller: Caller): Promise<number | undefined> {
  const { turn, isPassing = false, sleep, onHeld } = caller;
  const { failures, ticket: kept } = isPassing ? { failures: 0, ticket: undefined } : await turn.read();
  const asking = { ...standing(caller.lane, failures, kept), isPassing };
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
    // Whoever fails again and again asks less often than those that are before it.
    const isPatient = ticket === front && (failures > 1 || rate.reason === 'unavailable');
    const behind = isPatient ? behindSeconds(rate, failures, jitter(caller), now) : 0;
    turn.restSeconds = Math.max(rest, Math.ceil(behind));
    if (!isPassing && ticket !== front) await turn.wait(ticket);
    const reason = heldReasons[rate.reason];
    onHeld(reason);
    throw new CrmHeld(reason);
  }
  const ms = granted.at - shared.now();
  if (ms > 0) await sleep(ms);
  return granted.epoch;
}
