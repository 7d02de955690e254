import type { LogFilter } from './log-filter.ts';

/** Which lines of a log are wanted, and for how long. */
export interface LogRequest {
  filter: LogFilter;
  since: Date;
  /** Waits for further lines until the signal fires. */
  follow: boolean;
  signal: AbortSignal;
}
