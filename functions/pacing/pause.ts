/** Why a CRM is left alone: it rejects our token, wants fewer calls, or does not answer. */
export type PauseReason = 'credentials' | 'rate_limited' | 'unavailable';

/** What is known of a connection whose CRM fails. There is none while all is well. Times are ISO 8601. */
export interface Pause {
  reason: PauseReason;
  /** Calls that failed in a row, before any pause. */
  failures: number;
  /** Pauses in a row, each begun because the CRM had not recovered. */
  rounds: number;
  /** No call before then. Absent while failures are only counted. */
  until?: string;
  pausedAt?: string;
  /** The token was rejected, and no call has succeeded since, whatever else came after it. */
  isTokenRejected?: boolean;
  /** Somebody finds out, by then, whether the CRM has recovered; nobody else calls it. */
  probeUntil?: string;
  /** Changes with every write. */
  stamp: string;
}

/** Single failures happen. So many in a row, on any contacts, mean that the CRM is down. */
export const toleratedFailures = 5;

/** Seconds of the first, second, … pause when the CRM names no time. */
const pausesInSeconds = [15, 30, 60, 120, 300] as const;
const longestSeconds = 300;

/** Longer than a CRM call and its retry may take in a job, so that a probe outlives its holder only by a crash. In seconds. */
export const probeSeconds = 30;

/** How long to leave a CRM alone, in seconds, after so many pauses in a row. */
export function pauseSeconds(rounds: number, namedSeconds: number | undefined): number {
  return namedSeconds ?? pausesInSeconds[rounds] ?? longestSeconds;
}
