import { CrmHeld } from '../crm/crm-errors.ts';
import { behindSeconds, standing } from './behind.ts';
import { type Caller, jitter } from './caller.ts';
import { type Asking, expectedWaitMs, front, nearMs, sleepSeconds } from './line.ts';
import { decide } from './local.ts';
import type { Rate } from './rate.ts';
import type { SharedState } from './shared-state.ts';

const heldReasons = { rate_limited: 'crm_rate_limited', unavailable: 'crm_unavailable' } as const;

type Granted = { at: number; epoch: number | undefined };
type Held = { rate: Rate; ticket: number };
type Standing = Asking & { isPassing: boolean };

/** Asks for a slot, and joins the line where there is none within a second. */
async function ask(shared: SharedState, asking: Standing): Promise<{ granted: Granted } | { held: Held }> {
  let answer: { granted: Granted } | { held: Held } = { granted: { at: 0, epoch: undefined } };
  await shared.change(({ rate, access }) => {
    answer = { granted: { at: 0, epoch: undefined } };
    if (!rate) return undefined;
    const decision = decide(rate, shared.local, asking, shared.now());
    shared.local = decision.local;
    answer = decision.go ? { granted: decision } : { held: decision };
    const { write } = decision;
    return write && { rate: write === 'over' ? undefined : write, access };
  });
  return answer;
}

/** Whoever is in the middle of a question waits so long for its next call, in milliseconds. */
const underWayMs = 10_000;

/** Its next slot, before everybody who would only begin; undefined when that is too far away. */
async function nextSlot(shared: SharedState, { lane, sleep }: Caller): Promise<Granted | undefined> {
  const asking = { lane, ticket: front, isPassing: true };
  for (const end = shared.now() + underWayMs; ; ) {
    const answer = await ask(shared, asking);
    if ('granted' in answer) return answer.granted;
    const ms = Math.max(expectedWaitMs(answer.held.rate, asking, shared.now()) - nearMs, 100);
    if (shared.now() + ms > end) return undefined;
    await sleep(ms);
  }
}

/** Lets the turn know how long its job is to sleep. */
async function keepTurn(
  { rate, ticket }: Held,
  { lane, isPassing }: Standing,
  failures: number,
  { caller, now }: { caller: Caller; now: number },
): Promise<void> {
  const { turn } = caller;
  const rest = sleepSeconds(rate, { lane, ticket }, now);
  // Whoever fails again and again asks less often than those that are before it.
  const isPatient = ticket === front && (failures > 1 || rate.reason === 'unavailable');
  const behind = isPatient ? behindSeconds(rate, failures, jitter(caller), now) : 0;
  turn.restSeconds = Math.max(rest, Math.ceil(behind));
  if (!isPassing && ticket !== front) await turn.wait(ticket);
}

/**
 * Waits for a slot that is a second away at most; a job that is in the middle of a question for longer.
 *
 * @returns the epoch of the rate; undefined when there is none any more
 * @throws CrmHeld when it is further away; the turn then knows how long the job is to sleep
 */
export async function awaitSlot(shared: SharedState, caller: Caller): Promise<number | undefined> {
  const { turn, isPassing = false, isUnderWay = false, sleep, onHeld } = caller;
  const next = isUnderWay && !isPassing ? await nextSlot(shared, caller) : undefined;
  const { failures, ticket } = isPassing ? { failures: 0, ticket: undefined } : await turn.read();
  const asking = { ...standing(caller.lane, failures, ticket), isPassing };
  const answer = next ? { granted: next } : await ask(shared, asking);
  if ('held' in answer) {
    await keepTurn(answer.held, asking, failures, { caller, now: shared.now() });
    const reason = heldReasons[answer.held.rate.reason];
    onHeld(reason);
    throw new CrmHeld(reason);
  }
  const ms = answer.granted.at - shared.now();
  if (ms > 0) await sleep(ms);
  return answer.granted.epoch;
}
