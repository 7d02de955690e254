import { computed, effect, signal } from '@preact/signals';
import type { Lines, ShownLine } from '../answers.ts';
import { wantedLines } from '../line-filter.ts';
import { wish } from './address.ts';
import { problem, read, ServerError, words } from './server.ts';

const pollMs = 1000;
const mostLines = 10_000;

/** All lines that were read, oldest first. */
export const lines = signal<readonly ShownLine[]>([]);
export const isPaused = signal(false);
/** Whether somebody is looking at the list, in which no row is to jump. */
export const isBusy = signal(false);
/** The newest line that is shown. */
const shownUpTo = signal(Number.POSITIVE_INFINITY);
/** Whether the first lines are there. */
export const isLoaded = signal(false);

/** The last hour goes on while nothing comes in. */
const now = signal(Date.now());
setInterval(() => {
  now.value = Date.now();
}, 5000);

const wanted = computed(() => wantedLines(lines.value, wish.value, () => new Date(now.value)));

/** What the list shows, newest first. */
export const shownLines = computed(() => {
  const limit = shownUpTo.value;
  const some =
    limit === Number.POSITIVE_INFINITY ? wanted.value : wanted.value.filter(({ seq }) => seq <= limit);
  return some.toReversed();
});

/** How many wait to be shown. */
export const waiting = computed(() => wanted.value.length - shownLines.value.length);

export function showWaiting(): void {
  shownUpTo.value = isPaused.value || isBusy.value ? newestSeq() : Number.POSITIVE_INFINITY;
}

const newestSeq = () => lines.value.at(-1)?.seq ?? 0;

// Rows stay where they are while somebody has paused, points at one, reads further down or has opened one.
effect(() => {
  const isHeld = isPaused.value || isBusy.value;
  const limit = shownUpTo.peek();
  if (isHeld && limit === Number.POSITIVE_INFINITY) shownUpTo.value = lines.peek().at(-1)?.seq ?? 0;
  if (!isHeld && limit !== Number.POSITIVE_INFINITY) shownUpTo.value = Number.POSITIVE_INFINITY;
});

let run: number | undefined;

/** Takes in what the server has; all is forgotten when it has begun to read anew. */
function take(answer: Lines, where: 'after' | 'before'): void {
  problem.value = answer.problem;
  if (run !== undefined && run !== answer.run) {
    lines.value = [];
    if (shownUpTo.value !== Number.POSITIVE_INFINITY) shownUpTo.value = Number.POSITIVE_INFINITY;
    run = answer.run;
    if (where === 'before') return;
  }
  run = answer.run;
  if (answer.lines.length === 0) return;
  const all = where === 'after' ? [...lines.value, ...answer.lines] : [...answer.lines, ...lines.value];
  lines.value = all.slice(-mostLines);
}

const sinceQuery = () => (wish.value.since === '' ? '' : `since=${encodeURIComponent(wish.value.since)}`);

async function poll(): Promise<void> {
  try {
    take(await read<Lines>(`lines?after=${newestSeq()}&${sinceQuery()}`), 'after');
  } catch (error) {
    problem.value = words(error);
    // The console was started again, and counts its lines anew.
    if (error instanceof ServerError && error.status === 401) return;
  }
  setTimeout(() => void poll(), document.hidden ? 5 * pollMs : pollMs);
}

/** The first lines come first, the others once the page can be used. */
export async function loadLines(): Promise<void> {
  try {
    take(await read<Lines>(`lines?${sinceQuery()}`), 'after');
    isLoaded.value = true;
    const first = lines.value[0]?.seq;
    if (first !== undefined) {
      await new Promise(requestAnimationFrame);
      take(await read<Lines>(`lines?before=${first}`), 'before');
    }
  } catch (error) {
    problem.value = words(error);
    isLoaded.value = true;
  }
  void poll();
}
