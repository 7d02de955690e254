import type { EffectsJob } from '../jobs/job.ts';
import type { MailWarning } from '../users/mail-state.ts';
import type { ClaimedWith } from '../users/pending-effects.ts';
import type { PendingEffect, User } from '../users/user.ts';
import type { EffectPorts } from './ports.ts';

/** Why an effect is over although it was not done, and would not be if it were tried again. */
export type Refusal = 'address_not_mailable' | MailWarning;

/** What is to be done, and the job that works on it. */
export type Due = PendingEffect & { job: EffectsJob };

/** Something done once for a user who is new or has moved, outside the table. */
export interface Effect {
  /**
   * Makes ready what is written with the claim (hashes of secrets) and what is then done with the secret.
   * Nothing leaves the house before `perform`. `email` is the address that the secret goes to.
   */
  prepare(
    user: User,
    ports: EffectPorts,
    due: Due,
  ): Promise<{ written: ClaimedWith; email?: string; perform: () => Promise<'done' | Refusal> }>;
}
