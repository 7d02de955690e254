import type { Random } from '../../functions/random.ts';
import type { Deployment } from '../commands/support/deployment.ts';
import type { Terminal } from '../commands/support/terminal.ts';
import type { Clock } from './clock.ts';
import { type Follow, followJobs } from './follow.ts';
import { keepIds } from './kept-ids.ts';
import { progressLine } from './progress-line.ts';
import { createSend, type Send } from './send.ts';
import { type State, writeState } from './state.ts';
import type { Tally } from './tally.ts';
import type { Seen, Step } from './walk.ts';

export interface RunPorts {
  deployment: Deployment;
  terminal: Terminal;
  clock: Clock;
  random: Pick<Random, 'uuid'>;
  /** Where the state is kept. */
  cwd: string;
  /** Everybody before. */
  seen: Seen;
  isStopped: () => boolean;
}

interface Sending {
  send: Send;
  /** Writes the state. */
  save: () => Promise<void>;
  /** Keeps ids of a page that is done. */
  keep: (page: { sent: readonly string[]; others: readonly string[] }) => Promise<void>;
  isStopped: () => boolean;
}

/** Sends the jobs of a page, with the state written before and after; those that are left when it is stopped go first the next time. */
async function sendPage(
  state: State,
  { sent, others }: { sent: readonly string[]; others: readonly string[] },
  { send, save, keep, isStopped }: Sending,
): Promise<void> {
  state.sending = [...sent];
  await save();
  let done = 0;
  for (const id of sent) {
    if (isStopped()) break;
    await send(id);
    done += 1;
  }
  await keep({ sent: sent.slice(0, done), others });
  state.sent += done;
  state.sending = sent.slice(done);
  await save();
}

/** Of a page that an interruption has cut some may have been sent: twice does no harm. */
async function finishPage(state: State, seen: Seen, sending: Sending): Promise<void> {
  const cut = state.sending.filter((id) => !seen.has(id));
  if (cut.length === 0) return;
  await sendPage(state, { sent: cut, others: [] }, sending);
  for (const id of cut) seen.add(id);
}

async function sendAll(state: State, steps: AsyncIterable<Step>, sending: Sending): Promise<void> {
  for await (const { place, fresh } of steps) {
    const room = (state.limit ?? Number.POSITIVE_INFINITY) - state.sent;
    const wanted = fresh.filter(({ isOther }) => !isOther).map(({ id }) => id);
    const others = fresh.filter(({ isOther }) => isOther).map(({ id }) => id);
    if (place !== undefined) state.place = place;
    await sendPage(state, { sent: wanted.slice(0, Math.max(room, 0)), others }, sending);
    if (state.sending.length > 0) return;
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
  const { deployment, terminal, clock, random, cwd, seen, isStopped } = ports;
  const follow: Follow = followJobs(deployment, state, clock);
  const { tally } = follow;
  const began = clock.now().getTime();
  const show = () =>
    terminal.rewrite?.(progressLine({ state, tally, seconds: (clock.now().getTime() - began) / 1000 }));
  const save = () => {
    show();
    state.results = tally.counts();
    return writeState(cwd, state, random);
  };
  try {
    if (!state.isRead) {
      const send = createSend(deployment, state, { tally, clock, onWait: show });
      const sending: Sending = { send, save, keep: (page) => keepIds(cwd, state, page), isStopped };
      await finishPage(state, seen, sending);
      if (!isStopped()) await sendAll(state, steps, sending);
    }
    await follow.until(state.sent, isStopped, show);
  } finally {
    await follow.end();
  }
  await save();
  return { tally, open: Math.max(state.sent - tally.done, 0) };
}
