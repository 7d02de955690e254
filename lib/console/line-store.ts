import { setTimeout as sleep } from 'node:timers/promises';
import { type DatedLine, logLines } from '../commands/support/log-source.ts';
import type { Lines, ShownLine } from './answers.ts';
import { ConsoleProblem, type CurrentDeployment } from './current-deployment.ts';

/** As many as a page can show and filter without waiting. */
const mostLines = 10_000;
/** Between two tries to reach what is stopped, or refuses. */
const againMs = 2000;
/** How much later than newer ones a line may come. */
const lateMs = 60_000;

/** The newest lines of a log, read as `usher logs --follow` does. */
export interface LineStore {
  /** Those after a line, the newest at most. */
  after(seq: number, most: number): Lines;
  /** Those before a line. */
  before(seq: number): Lines;
  /** Reads anew if that is earlier than what was read. */
  reachBack(since: Date): void;
  all(): readonly ShownLine[];
  stop(): void;
}

/** Follows the log of a deployment, whatever happens to that, until it is stopped. */
export function followLines(current: CurrentDeployment, from: Date): LineStore {
  let lines: ShownLine[] = [];
  let [seq, run, since] = [0, 0, from];
  let problem: string | undefined;
  let reading = new AbortController();

  const add = ({ time, line }: DatedLine) => {
    seq += 1;
    lines.push({ seq, time: time.toISOString(), line });
    if (lines.length >= 2 * mostLines) lines = lines.slice(-mostLines);
  };
  /** What is read again after a failure, in which a line may have come late. */
  const known = () => {
    const start = new Date(Math.max(since.getTime(), Date.parse(lines.at(-1)?.time ?? '') - lateMs || 0));
    const recent = lines.filter(({ time }) => Date.parse(time) >= start.getTime());
    return { start, texts: new Set(recent.map(({ line }) => JSON.stringify(line))) };
  };
  const read = async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      try {
        await current.use(async (deployment, ended) => {
          problem = undefined;
          const { start, texts } = known();
          for await (const dated of logLines(deployment, {
            filter: {},
            since: start,
            follow: true,
            signal: AbortSignal.any([signal, ended]),
          })) {
            if (signal.aborted || ended.aborted) return;
            if (!texts.delete(JSON.stringify(dated.line))) add(dated);
          }
        });
      } catch (error) {
        if (!(error instanceof ConsoleProblem)) throw error;
        problem = error.message;
      }
      await sleep(againMs, undefined, { signal }).catch(() => undefined);
    }
  };
  const start = () => {
    reading = new AbortController();
    void read(reading.signal).catch((error: unknown) => {
      problem = `The console cannot read on: ${String(error)}`;
    });
  };
  const kept = () => lines.slice(-mostLines);
  const answer = (some: readonly ShownLine[]): Lines => ({
    lines: some,
    kept: Math.min(lines.length, mostLines),
    since: since.toISOString(),
    run,
    ...(problem === undefined ? {} : { problem }),
  });
  start();
  return {
    after: (last, most) =>
      answer(
        kept()
          .filter((line) => line.seq > last)
          .slice(-most),
      ),
    before: (first) => answer(kept().filter((line) => line.seq < first)),
    reachBack(date) {
      if (date >= since) return;
      reading.abort();
      [since, lines, run] = [date, [], run + 1];
      start();
    },
    all: kept,
    stop: () => reading.abort(),
  };
}
