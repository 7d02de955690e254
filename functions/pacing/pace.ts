import { CrmPaused } from '../crm/crm-errors.ts';
import type { CrmPace } from '../crm/crm-pace.ts';
import type { ErrorCode, UsherError } from '../errors.ts';
import type { Random } from '../random.ts';
import type { Alongside, UserTable } from '../users/user-table.ts';
import { type Pause, type PauseReason, pauseSeconds, probeSeconds, toleratedFailures } from './pause.ts';
import {
  beginPause,
  claimProbe,
  countFailure,
  endPause,
  lengthenPause,
  pauseKey,
  pauseOf,
  readPause,
} from './pause-item.ts';

/** Pauses that this process has seen begin, by connection: they count before the table knows of them. */
export type RecentPauses = Map<string, { reason: PauseReason; pausedAt: number; until: number }>;

export interface PaceOptions {
  connection: string;
  table: UserTable;
  random: Random;
  recent: RecentPauses;
  /** Somebody checks the token by hand: a pause for the old one does not hold. */
  isTest?: boolean;
  /** A call was held back. */
  onHeld: (reason: PauseReason) => void;
  /** The token stopped working, or works again. Told once for each. */
  onCredentials: (state: 'rejected' | 'accepted') => void;
  /** The pause could not be written. */
  onProblem: (error: unknown) => void;
}

/** When and whether the CRM of one connection may be called, for one invocation. */
export interface Pace extends CrmPace {
  /** Read with the first claim, so that looking costs no request of its own. */
  alongside: Alongside;
}

/** Jobs that rest until the same moment must not all come at it. In seconds. */
const spreadSeconds = 10;

const reasons: Partial<Record<ErrorCode, PauseReason>> = {
  crm_credentials_rejected: 'credentials',
  crm_rate_limited: 'rate_limited',
  crm_unavailable: 'unavailable',
};

/** These tell neither that the CRM works nor that it does not: it was not asked at all, or forbade only what was asked. */
const mute: ReadonlySet<ErrorCode> = new Set(['aws_unavailable', 'crm_write_refused']);

/**
 * A circuit breaker that all functions share. A CRM that limits our calls, rejects our token, or fails five times in a
 * row is left alone until the time it named, or for 15 seconds to 5 minutes. Then one call finds out whether it has
 * recovered, before the others go on.
 */
export function createPace({
  connection,
  table,
  random,
  recent,
  isTest = false,
  onHeld,
  onCredentials,
  onProblem,
}: PaceOptions): Pace {
  let seen: { pause: Pause | undefined; at: number } | undefined;
  let callBegan = table.now();

  const holds = (reason: PauseReason) => !(isTest && reason === 'credentials');

  function held(until: number, reason: PauseReason): CrmPaused {
    onHeld(reason);
    const seconds = Math.ceil((until - table.now().getTime()) / 1000);
    return new CrmPaused(Math.max(seconds, 1) + random.int(spreadSeconds));
  }

  async function begin(reason: PauseReason, namedSeconds: number | undefined): Promise<void> {
    const now = table.now().getTime();
    const seconds = pauseSeconds(seen?.pause?.rounds ?? 0, namedSeconds);
    recent.set(connection, { reason, pausedAt: now, until: now + seconds * 1000 });
    const before = await beginPause(table, connection, { reason, seconds, callBegan });
    if (before && reason === 'credentials' && !before.isTokenRejected) onCredentials('rejected');
    // Somebody else's pause holds already, but it did not know this time.
    if (!before && namedSeconds !== undefined) await lengthenPause(table, connection, namedSeconds);
  }

  async function failed(error: UsherError): Promise<void> {
    const reason = reasons[error.code];
    const isProbe = seen?.pause?.until !== undefined;
    if (mute.has(error.code)) return;
    if (reason === undefined) return succeeded();
    // A CRM that fails and says "again now" has named no time.
    const namedSeconds = error.retryAfterSeconds || undefined;
    if (reason === 'unavailable' && !isProbe && namedSeconds === undefined) {
      const { failures } = await countFailure(table, connection);
      if (failures < toleratedFailures) return;
    }
    await begin(reason, namedSeconds);
  }

  async function succeeded(): Promise<void> {
    const pause = seen?.pause;
    if (!pause) return;
    recent.delete(connection);
    const isOver = await endPause(table, connection, pause);
    seen = { pause: undefined, at: table.now().getTime() };
    if (isOver && pause.isTokenRejected) onCredentials('accepted');
  }

  return {
    alongside: {
      key: pauseKey(connection),
      see(item) {
        seen = { pause: pauseOf(item), at: table.now().getTime() };
      },
    },
    async admit() {
      seen ??= { pause: await readPause(table, connection), at: table.now().getTime() };
      const { pause, at } = seen;
      const now = table.now();
      callBegan = now;
      const known = recent.get(connection);
      if (known && known.pausedAt >= at && known.until > now.getTime() && holds(known.reason)) {
        throw held(known.until, known.reason);
      }
      if (pause?.until === undefined || !holds(pause.reason)) return;
      const until = Date.parse(pause.until);
      if (until > now.getTime()) throw held(until, pause.reason);
      const claimed = await claimProbe(table, connection, pause);
      if (!claimed) throw held(now.getTime() + probeSeconds * 1000, pause.reason);
      seen = { pause: claimed, at: now.getTime() };
    },
    async report(error) {
      try {
        await (error ? failed(error) : succeeded());
      } catch (cause) {
        // What the call came to matters more.
        onProblem(cause);
      }
    },
  };
}
