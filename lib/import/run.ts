import type { Deployment } from '../commands/support/deployment.ts';
import type { Terminal } from '../commands/support/terminal.ts';
import type { Clock } from './clock.ts';
import { type Follow, followJobs } from './follow.ts';
import { progressLine } from './progress-line.ts';
import { createSend, type Send } from './send.ts';
import { keepIds, type State, writeState } from './state.ts';
import type { Tally } from './tally.ts';
import type { Step } from './walk.ts';

export interface RunPorts {
  deployment: Deployment;
  terminal: Terminal;
  clock: Clock;
  /** Where the state is kept. */
  cwd: string;
  /** How many there are to be sent, as far as that was counted. */
  total: number | undefined;
  isStopped: () => boolean;
}

interface Sending {
  send: Send;
  /** Writes the state. */
  save: () => Promise<void>;
  /** Keeps ids of a page that is done. */
  keep: (sent: readonly string[], others: readonly string[]) => Promise<void>;
  isStopped: () => boolean;
}

/** Sends the jobs of a page, with the state written before and after. */
async function sendPage(
  state: State,
  ids: readonly string[],
  others: readonly string[],
  { send, save, keep }: Sending,
): Promise<void> {
  state.sending = [...ids];
  await save();
  for (const id of ids) await send(id);
  await keep(ids, others);
  state.sent.push(...ids);
  state.sending = [];
  await save();
}

async function sendAll(state: State, steps: AsyncIterable<Step>, sending: Sending): Promise<void> {
  // Of a page that an interruption has cut some may have been sent: twice does no harm.
  const done = new Set(state.sent);
  const cut = state.sending.filter((id) => !done.has(id));
  if (cut.length > 0) await sendPage(state, cut, [], sending);
  for await (const { place, fresh } of steps) {
    const room = (state.limit ?? Number.POSITIVE_INFINITY) - state.sent.length;
    const wanted = fresh.filter(({ id, isOther }) => !isOther && !cut.includes(id)).map(({ id }) => id);
    const others = fresh.filter(({ isOther }) => isOther).map(({ id }) => id);
    if (place !== undefined) state.place = place;
    await sendPage(state, wanted.slice(0, Math.max(room, 0)), others, sending);
    if (room <= wanted.length) break;
    if (sending.isStopped()) return;
  }
  state.isRead = true;
  await sending.save();
}

/** What is left when it has ended, for now. */
export interface Ended {
  tally: Tally;
  /** Jobs without a last line. */
  open: number;
}

/**
 * Sends every contact's job and waits until each is over, or nothing is heard of them for ten minutes. It may die at any moment: the
 * state says where to go on.
 */
export async function runImport(state: State, steps: AsyncIterable<Step>, ports: RunPorts): Promise<Ended> {
  const { deployment, terminal, clock, cwd, total, isStopped } = ports;
  const follow: Follow = followJobs(deployment, state, clock);
  const { tally } = follow;
  const began = clock.now().getTime();
  const show = () =>
    terminal.rewrite?.(
      progressLine({ state, tally, total, seconds: (clock.now().getTime() - began) / 1000 }),
    );
  const save = () => {
    show();
    state.results = tally.counts();
    return writeState(cwd, state);
  };
  try {
    if (!state.isRead) {
      const send = createSend(deployment, state, { tally, clock, onWait: show });
      const keep: Sending['keep'] = (sent, others) => keepIds(cwd, state, sent, others);
      await sendAll(state, steps, { send, save, keep, isStopped });
    }
    await follow.until(state.sent.length, isStopped, show);
  } finally {
    await follow.end();
  }
  await save();
  return { tally, open: Math.max(state.sent.length - tally.done, 0) };
}
