import type { HeldReason } from '../crm/crm-errors.ts';
import { expectedWaitMs } from './line.ts';
import type { PaceState } from './pace-item.ts';
import type { LaneName, Rate } from './rate.ts';

/** What an operator or a marketer is told of a slow connection. Times are ISO 8601. */
export interface PaceReport {
  reason: HeldReason | 'crm_access_incomplete';
  since: string;
  /** Absent while the token is rejected: then it is asked once a minute whether it still is. */
  calls_per_second?: number;
  /** Calls that wait for their turn, about. */
  waiting: number;
  /** When the last of them is due, at the rate of now. */
  last_due?: string;
}

const isoOf = (ms: number) => new Date(ms).toISOString();

const waitingIn = (rate: Rate | undefined, lane: LaneName) =>
  rate ? Math.max(rate[lane].joined - rate[lane].served, 0) : 0;

function lastDue(rate: Rate, now: number): string | undefined {
  const lanes = (['live', 'batch'] as const).filter((lane) => waitingIn(rate, lane) > 0);
  const waits = lanes.map((lane) => expectedWaitMs(rate, { lane, ticket: rate[lane].joined }, now));
  return waits.length === 0 ? undefined : isoOf(now + Math.max(...waits));
}

/** The state of a connection in words and numbers; undefined while all is well. */
export function paceReport(state: PaceState | undefined, now: number): PaceReport | undefined {
  const { rate, access } = state ?? {};
  const waiting = waitingIn(rate, 'live') + waitingIn(rate, 'batch');
  if (access?.rejectedAt !== undefined) {
    return { reason: 'crm_credentials_rejected', since: isoOf(access.rejectedAt), waiting };
  }
  if (rate) {
    const due = lastDue(rate, now);
    return {
      reason: rate.reason === 'rate_limited' ? 'crm_rate_limited' : 'crm_unavailable',
      since: isoOf(rate.since),
      calls_per_second: Math.round(rate.perSecond * 100) / 100,
      waiting,
      ...(due === undefined ? {} : { last_due: due }),
    };
  }
  return access?.isIncomplete
    ? { reason: 'crm_access_incomplete', since: isoOf(access.testedAt), waiting }
    : undefined;
}
