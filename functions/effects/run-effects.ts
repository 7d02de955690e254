import { toUsherError, UsherError } from '../errors.ts';
import type { EffectsJob } from '../jobs/job.ts';
import { findById, linkedUserId } from '../users/find.ts';
import { claimEffect, finishEffect, releaseEffect } from '../users/pending-effects.ts';
import type { EffectName, PendingEffect, User } from '../users/user.ts';
import { changedMail } from './changed-mail.ts';
import type { Effect, Refusal } from './effect.ts';
import { linkMail } from './link-mail.ts';
import { movedMail } from './moved-mail.ts';
import type { EffectPorts } from './ports.ts';
import { returnPassword } from './return-password.ts';
import { welcomeMail } from './welcome-mail.ts';

const effects: Record<EffectName, Effect> = {
  changed_mail: changedMail,
  link_mail: linkMail,
  moved_mail: movedMail,
  return_password: returnPassword,
  welcome_mail: welcomeMail,
};

/** What became of a job: the effects by result, or why there was nothing to do. */
export interface EffectsOutcome {
  result: 'done' | 'refused' | 'nothing_pending' | 'user_not_created';
  done: EffectName[];
  /** Why effects are over that were not done. */
  warnings?: Refusal[];
}

/** The job is sent before the user is written, so it may be early: by this much at most. */
const userDueMs = 2 * 60 * 1000;
/** Pauses in milliseconds between looks for a user that is being written right now. */
const looks = [25, 75, 200, 700];

/** Whether the user shows the write that a job was sent before, or one that came in its place. */
function isWritten(user: User, { awaits, movedAt, version, createdAt }: EffectsJob): boolean {
  if (awaits === 'changed_mail') return (user.passwordSetAt ?? '') >= createdAt;
  if (movedAt === undefined) return awaits === undefined || user.welcomeAsked !== undefined;
  const isMoved = user.moved !== undefined && user.moved.at >= movedAt;
  return isMoved || (version !== undefined && user.version >= version);
}

/** Of a user that was there before the job was sent nobody waits for the creation: it is deleted by now. */
const isForNewUser = ({ awaits, movedAt }: EffectsJob) => awaits === undefined && movedAt === undefined;

/** @throws UsherError `effect_not_due` while it is to wait */
function expectDue({ notBefore }: PendingEffect, now: Date): void {
  const ms = notBefore === undefined ? 0 : Date.parse(notBefore) - now.getTime();
  if (ms <= 0) return;
  throw new UsherError('effect_not_due', 'The mails of a user who is moved often have to wait.', {
    retryable: true,
    retryAfterSeconds: Math.ceil(ms / 1000),
  });
}

async function awaitUser(job: EffectsJob, ports: EffectPorts): Promise<User | 'never'> {
  for (const pause of [0, ...looks]) {
    if (pause > 0) await ports.sleep(pause);
    const user = await findById(ports.users, job.userId);
    if (user && isWritten(user, job)) return user;
    if (!user && !isForNewUser(job)) return 'never';
    // Another webhook for this contact was faster; its user has a job of its own.
    const linked =
      job.contactId === undefined
        ? undefined
        : await linkedUserId(ports.users, job.connection, job.contactId);
    if (!user && linked !== undefined && linked !== job.userId) return 'never';
  }
  if (ports.now().getTime() - Date.parse(job.createdAt) > userDueMs) return 'never';
  throw new UsherError('user_not_created_yet', 'What this job is for has not been written yet.', {
    retryable: true,
  });
}

async function run(
  name: EffectName,
  user: User,
  job: EffectsJob,
  ports: EffectPorts,
): Promise<'done' | 'gone' | Refusal> {
  const pending = user.effects[name];
  if (!pending) return 'gone';
  expectDue(pending, ports.now());
  const { written, email, perform } = await effects[name].prepare(user, ports, { ...pending, job });
  const seen = { since: pending.since, ...(email === undefined ? {} : { email }) };
  const claim = await claimEffect(ports.users, user.id, name, { ...written, ...seen });
  if (claim === 'busy') {
    throw new UsherError('effect_busy', 'Another job works on this effect.', { retryable: true });
  }
  if (claim === 'gone') return 'gone';
  let outcome: 'done' | Refusal;
  try {
    outcome = await perform();
  } catch (error) {
    // The failure matters more than the claim, which ends by itself within a minute.
    await releaseEffect(ports.users, user.id, name, seen).catch(() => undefined);
    throw error;
  }
  await finishEffect(ports.users, user.id, name, seen);
  return outcome;
}

/**
 * Does everything that is pending for a user. One effect's failure does not keep the others waiting.
 *
 * @param only one effect, whatever else is pending
 * @throws UsherError of the first effect that failed; the job is to be tried again
 */
export async function runEffects(
  job: EffectsJob,
  ports: EffectPorts,
  only?: EffectName,
): Promise<EffectsOutcome> {
  const user = await awaitUser(job, ports);
  if (user === 'never') return { result: 'user_not_created', done: [] };
  const done: EffectName[] = [];
  const warnings: Refusal[] = [];
  const failures: UsherError[] = [];
  let current: User | undefined = user;
  const names = only === undefined ? (Object.keys(user.effects) as EffectName[]) : [only];
  for (const name of names) {
    try {
      // The one before may have taken seconds: the user may have another address by now.
      current ??= await findById(ports.users, user.id);
      const outcome = current ? await run(name, current, job, ports) : 'gone';
      if (outcome === 'done') done.push(name);
      else if (outcome !== 'gone') warnings.push(outcome);
    } catch (error) {
      failures.push(toUsherError(error));
    }
    current = undefined;
  }
  // One that waits for its time is no failure that hides another one.
  const first = failures.find(({ code }) => code !== 'effect_not_due') ?? failures[0];
  if (first) throw first;
  if (warnings.length > 0) return { result: done.length > 0 ? 'done' : 'refused', done, warnings };
  return { result: done.length > 0 ? 'done' : 'nothing_pending', done };
}
