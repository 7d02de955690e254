import type { Deployment } from '../commands/support/deployment.ts';
import { logLines } from '../commands/support/log-source.ts';
import type { Clock } from './clock.ts';
import type { State } from './state.ts';
import { Tally } from './tally.ts';

/** How long nothing may be heard of the last jobs, in milliseconds. */
const silenceMs = 10 * 60 * 1000;
const pauseMs = 500;
/** This machine's clock may be so far ahead of those that log, in milliseconds. */
const clocksMs = 15 * 60 * 1000;

/** What is known of the jobs of an import while it runs. */
export interface Follow {
  tally: Tally;
  /** Resolves when so many jobs are over, or nothing was heard for ten minutes, or somebody wants to stop. */
  until(count: number, isStopped: () => boolean, onTick: () => void): Promise<void>;
  /** @throws what kept the log from being read */
  end(): Promise<void>;
}

/** Reads the log lines of an import from its beginning on, as long as it goes on. */
export function followJobs(deployment: Deployment, { id, startedAt }: State, clock: Clock): Follow {
  const tally = new Tally();
  const ending = new AbortController();
  const request = {
    filter: { request_id: [id] },
    since: new Date(Date.parse(startedAt) - clocksMs),
    follow: true,
    signal: ending.signal,
  };
  const reading = (async () => {
    for await (const { line } of logLines(deployment, request)) tally.note(line, clock.now().getTime());
  })();
  let hasFailed = false;
  reading.catch(() => {
    hasFailed = true;
  });
  return {
    tally,
    async until(count, isStopped, onTick) {
      const began = clock.now().getTime();
      while (tally.done < count && !isStopped() && !hasFailed) {
        if (clock.now().getTime() - Math.max(began, tally.newsAt) > silenceMs) return;
        onTick();
        await clock.sleep(pauseMs);
      }
    },
    async end() {
      ending.abort();
      await reading;
    },
  };
}
