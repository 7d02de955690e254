import { CrmAuthError, CrmContactRefused, CrmHeld } from '../crm/crm-errors.ts';
import type { CheckToken } from '../crm/crm-pace.ts';
import {
  type Access,
  type AccessNews,
  type AccessStep,
  isTestDue,
  letIn,
  refused,
  rejected,
  testing,
} from './access.ts';
import type { Caller } from './caller.ts';
import type { SharedState } from './shared-state.ts';

/** How long a job sleeps while the token is rejected, in seconds. */
const [shortestSleep, longestSleep, spread] = [60, 900, 10] as const;

async function changeAccess(
  shared: SharedState,
  { onAccess }: Caller,
  step: (access: Access | undefined, now: number) => AccessStep | undefined,
): Promise<void> {
  let news: AccessNews | undefined;
  await shared.change(({ rate, access }) => {
    const after = step(access, shared.now());
    news = after?.news;
    return after && { rate, access: after.access };
  });
  if (news) onAccess(news);
}

/** Whether this invocation is the one that tries the token in this minute; if not, whether the token may be the reason. */
async function claimTest(shared: SharedState): Promise<{ isMine: boolean; isDoubtful: boolean }> {
  let claim = { isMine: false, isDoubtful: false };
  await shared.change(({ rate, access }) => {
    const isDoubtful = access?.isTesting === true || access?.rejectedAt !== undefined;
    claim = { isMine: isTestDue(access, shared.now()), isDoubtful };
    return claim.isMine ? { rate, access: testing(access, shared.now()) } : undefined;
  });
  return claim;
}

const failureOf = (check: CheckToken): Promise<unknown> =>
  check().then(
    () => undefined,
    (error: unknown) => error,
  );

/** The claim of a call that is there to find out. */
const always = { isMine: true, isDoubtful: false } as const;

/** The CRM has let us in. */
export async function noteLetIn(shared: SharedState, caller: Caller): Promise<void> {
  await changeAccess(shared, caller, (access, now) => {
    if (!access) return undefined;
    const step = letIn(access, now);
    const isKnown = access.refused.length === 0 && !access.isTesting;
    const isSame = step.access && step.news === undefined && isKnown;
    return isSame ? undefined : step;
  });
}

/**
 * While the token is rejected, one call a minute finds out whether it still is, and it is no contact's.
 *
 * @throws CrmHeld when it is
 */
export async function tryToken(shared: SharedState, caller: Caller, check: CheckToken): Promise<void> {
  const { isMine } = await claimTest(shared);
  if (isMine && (await failureOf(check)) === undefined) return noteLetIn(shared, caller);
  const { turn, randomInt, onHeld } = caller;
  const now = shared.now();
  const sinceMs = now - (shared.current?.access?.rejectedAt ?? now);
  turn.restSeconds =
    Math.ceil(Math.min(Math.max(sinceMs / 4000, shortestSleep), longestSleep)) + randomInt(spread);
  onHeld('crm_credentials_rejected');
  throw new CrmHeld('crm_credentials_rejected');
}

/** What a refusal (401, 403) means: the token is rejected when a call that needs nothing else is refused too. */
export async function judgeRefusal(
  shared: SharedState,
  caller: Caller,
  error: CrmAuthError,
  check: CheckToken,
): Promise<unknown> {
  const reject = async () => {
    await changeAccess(shared, caller, rejected);
    return error;
  };
  if (error.isMissing) return reject();
  const { isMine, isDoubtful } = caller.isTest ? always : await claimTest(shared);
  const failure = isMine ? await failureOf(check) : undefined;
  if (failure instanceof CrmAuthError) return reject();
  if (failure !== undefined) return failure;
  // Whoever tries it just now finds out.
  if (!isMine && isDoubtful) return error;
  await changeAccess(shared, caller, (access) => access && refused(access, caller.turn.group));
  await caller.turn.fail(true);
  return new CrmContactRefused();
}
