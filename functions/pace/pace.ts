import { CrmAuthError, CrmRateLimited } from '../crm/crm-errors.ts';
import type { CheckToken, CrmPace } from '../crm/crm-pace.ts';
import type { ErrorCode, UsherError } from '../errors.ts';
import type { Alongside } from '../users/user-table.ts';
import { behindSeconds } from './behind.ts';
import { type Caller, jitter } from './caller.ts';
import { counted, upToDate } from './local.ts';
import { paceKey, paceOf } from './pace-item.ts';
import { failed, isContactsOwn, limited, type Rate } from './rate.ts';
import { type SharedStateOptions, sharedState } from './shared-state.ts';
import { awaitSlot } from './slot.ts';
import { judgeRefusal, noteLetIn, tryToken } from './token.ts';

/** When and whether the CRM of one connection may be called, for one invocation. */
export interface Pace extends CrmPace {
  /** Read with the first claim, so that looking costs no request of its own. */
  alongside: Alongside;
}

/** What slows a connection down. Whatever else the CRM says, it works. */
const slowing: Partial<Record<ErrorCode, typeof limited | typeof failed>> = {
  crm_rate_limited: limited,
  crm_unavailable: failed,
  crm_answer_invalid: failed,
};

/** The CRM was asked and has answered, whatever it was. */
const answered: ReadonlySet<ErrorCode> = new Set(['contact_not_found', 'crm_write_refused']);

/** A job that was told a time sleeps for it, in seconds at most. */
const longestNamedSeconds = 3600;

/** The last success of one invocation: when others' last was before it, and what everybody was told. */
interface OwnSuccess {
  before: number;
  after: number;
}

/** The rate as others have made it: a contact's own success says nothing of the CRM when its next call fails. */
const rateOfOthers = (rate: Rate | undefined, own: OwnSuccess | undefined): Rate | undefined =>
  rate && own && rate.succeededAt === own.after ? { ...rate, succeededAt: own.before } : rate;

/**
 * The pace of a connection's CRM, shared by all functions through one item of the table. Without trouble it costs nothing but
 * a look. A CRM that limits our calls is called at the rate that it allows; one that fails ever slower, but never not at all;
 * one that rejects the token is asked once a minute whether it still does.
 */
export function createPace(options: SharedStateOptions, caller: Caller): Pace {
  const shared = sharedState(options);
  const { turn } = caller;
  /** Of the call under way: undefined when there was no rate. */
  let epoch: number | undefined;
  let isUnderWay = false;
  let own: OwnSuccess | undefined;

  async function succeeded(): Promise<void> {
    if (shared.current?.access) await noteLetIn(shared, caller);
    const before = rateOfOthers(shared.current?.rate, own)?.succeededAt;
    if (before === undefined) return;
    await shared.change(({ rate, access }) => {
      if (!rate) return undefined;
      const { local, write } = counted(rate, shared.local, shared.now());
      shared.local = local;
      return write && { rate: write === 'over' ? undefined : write, access };
    });
    own = { before, after: shared.current?.rate?.succeededAt ?? before };
  }

  /** A limit or a failure is the CRM's, and everybody slows down; or it is this contact's, and only its job waits. */
  async function slowDown(error: UsherError, slower: typeof limited): Promise<void> {
    const { failedAt } = await turn.read();
    const now = shared.now();
    const isOwn = isContactsOwn(rateOfOthers(shared.current?.rate, own), failedAt, now);
    const namedMs = error.retryAfterSeconds ? error.retryAfterSeconds * 1000 : undefined;
    // A contact that has failed before has had everybody wait for its time already.
    const documented = error instanceof CrmRateLimited ? error.perSecond : undefined;
    const refusal = { namedMs: failedAt === undefined ? namedMs : undefined, documented };
    await shared.change(({ rate: stored, access }) => {
      if (!isOwn && stored?.epoch !== epoch) return undefined;
      const { rate, local } = upToDate(stored, shared.local, now);
      shared.local = local;
      if (!isOwn) return { rate: slower(rate, refusal, now), access };
      return rate && { rate: { ...rate, own: rate.own + 1 }, access };
    });
    const { failures } = await turn.fail(isOwn);
    const rate = shared.current?.rate;
    if (isOwn || !rate) return;
    const pause = Math.max((namedMs ?? 0) / 1000, (rate.live.next - now) / 1000);
    const behind = behindSeconds(rate, failures, jitter(caller), now);
    turn.restSeconds = Math.ceil(Math.min(pause, longestNamedSeconds) + behind);
  }

  async function judge(error: UsherError, check: CheckToken): Promise<unknown> {
    if (error instanceof CrmAuthError) return judgeRefusal(shared, caller, error, check);
    const slower = slowing[error.code];
    if (slower) await slowDown(error, slower);
    else if (answered.has(error.code)) await succeeded();
    return error;
  }

  return {
    alongside: { key: paceKey(options.connection), see: (item) => shared.see(paceOf(item)) },
    async admit(check) {
      await shared.load();
      epoch = undefined;
      if (caller.isTest) return 'once';
      if (shared.current?.access?.rejectedAt !== undefined) await tryToken(shared, caller, check);
      if (!shared.current?.rate) return 'freely';
      epoch = await awaitSlot(shared, { ...caller, isUnderWay });
      return 'once';
    },
    async succeeded() {
      isUnderWay = true;
      await succeeded().catch(options.onProblem);
    },
    async failed(error, check) {
      try {
        return await judge(error, check);
      } catch (cause) {
        // What the call came to matters more.
        options.onProblem(cause);
        return error;
      }
    },
  };
}
