import { createJobQueue } from '../../../functions/jobs/job-queue.ts';
import type { User } from '../../../functions/users/user.ts';
import type { Deployment } from './deployment.ts';
import { effectsJob } from './effects-job.ts';
import { CommandError } from './terminal.ts';

/**
 * Sends the job for what has just been put among a user's effects. After the write, unlike webhooks: of a user
 * that had a mail before a job that is early would find nothing to do. Somebody is there to run the command again.
 *
 * @throws CommandError when the job is not known to be in the queue
 */
export async function sendEffects(
  { config, sqs, queueUrl, command }: Deployment,
  user: User,
  about: { id: string; requestId: string; now: Date },
): Promise<void> {
  const job = effectsJob(user, config, about);
  // `user resend` has asked whose password it is, and a move has put another one in its place.
  if (!job) throw new Error('Nobody knows where the pending password goes.');
  try {
    await createJobQueue(sqs, queueUrl).send([job]);
  } catch (cause) {
    // Before an hour is over nothing tells what waits from what is under way.
    const again = user.effects.welcome_mail
      ? command(`user resend --id ${user.id}`)
      : `${command('verify --fix')}, in an hour`;
    throw new CommandError(`The user is changed, but its mails could not be queued. Run: ${again}`, {
      cause,
    });
  }
}
