import type { EffectsJob } from '../jobs/job.ts';
import type { MailWarning } from '../users/mail-state.ts';
import type { ClaimedWith } from '../users/pending-effects.ts';
import type { PendingEffect, User } from '../users/user.ts';
import type { EffectPorts } from './ports.ts';

/** Why an effect is over although it was not done, and would not be if it were tried again. */
export type Refusal = 'address_not_mailable' | MailWarning;

/** What is to be done, and the job that works on it. */
export type Due = PendingEffect & { job: EffectsJob };

/** What is written with the claim (hashes of secrets), the address that the secret goes to, and what is then done with it. */
export interface Prepared {
  written: ClaimedWith;
  email?: string;
  perform: () => Promise<'done' | Refusal>;
}

/** Something done once for a user outside the table, after the user was written. */
export interface Effect {
  /** Nothing leaves the house before `perform`. */
  prepare(user: User, ports: EffectPorts, due: Due): Promise<Prepared>;
}

/** There is nothing to do any more: the effect is over. */
export const over: Prepared = { written: {}, perform: () => Promise.resolve('done') };
