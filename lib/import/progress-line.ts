import type { State } from './state.ts';
import type { Tally } from './tally.ts';

/** How far an import is, in one line. */
interface Progress {
  state: Pick<State, 'sent' | 'sending' | 'rate' | 'total'>;
  tally: Tally;
  seconds: number;
}

/** `sent 40, done 38: 30 created, 0 updated, 8 unchanged, 0 refused, 0 failed; 60 to go, 1 minute(s)`. */
export function progressLine({ state, tally, seconds }: Progress): string {
  const sent = state.sent + state.sending.length;
  const { done } = tally;
  const counts = ['created', 'updated', 'unchanged', 'refused'].map((name) => `${tally.count(name)} ${name}`);
  const togo = Math.max(state.total, sent) - done;
  // By what has been, and by nothing faster than what is asked for.
  const perSecond = seconds > 10 && done > 0 ? Math.min(done / seconds, state.rate) : state.rate;
  const left = `${togo} to go, ${Math.ceil(togo / perSecond / 60)} minute(s)`;
  return `sent ${sent}, done ${done}: ${counts.join(', ')}, ${tally.count('given_up')} failed; ${left}`;
}
