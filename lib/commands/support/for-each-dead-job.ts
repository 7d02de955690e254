import { countDeadJobs, type DeadJob, type DeadLetters, takeDeadJobs } from './dead-letters.ts';
import type { Deployment } from './deployment.ts';
import { CommandError } from './terminal.ts';

/** Which dead jobs a command is about; all of them when nothing is said. */
export interface WantedJobs {
  job?: string;
  connection?: string;
}

/** A message that is no job of ours has no id but the queue's. */
export function isWanted({ job, messageId }: DeadJob, wanted: WantedJobs): boolean {
  if (wanted.job !== undefined && wanted.job !== (job?.id ?? messageId)) return false;
  return wanted.connection === undefined || wanted.connection === job?.connection;
}

/** How many dead jobs are gone now, and how many SQS refused. */
export interface Tally {
  done: number;
  refused: number;
}

/**
 * Takes every wanted job from the dead letters; all others stay as they are.
 *
 * @param work does it for at most ten jobs, and answers the message ids of those that are gone
 * @param show gets the number of jobs that are gone and of all, about
 * @throws CommandError when the one job that is wanted is not to be seen
 */
export async function forEachDeadJob(
  letters: DeadLetters & Pick<Deployment, 'command'>,
  wanted: WantedJobs,
  work: (letters: DeadLetters, jobs: readonly DeadJob[]) => Promise<ReadonlySet<string>>,
  show: (done: number, total: number) => void,
): Promise<Tally> {
  const total = await countDeadJobs(letters);
  const gone = new Set<string>();
  let met = 0;
  for await (const jobs of takeDeadJobs(letters, gone)) {
    const chosen = jobs.filter((job) => isWanted(job, wanted));
    met += chosen.length;
    for (const messageId of await work(letters, chosen)) gone.add(messageId);
    show(gone.size, total);
    if (wanted.job !== undefined && met > 0) break;
  }
  if (wanted.job !== undefined && met === 0) {
    throw new CommandError(
      `There is no such job among those that can be seen. "${letters.command('dlq list')}" shows these; others of the same contact may be behind them.`,
    );
  }
  return { done: gone.size, refused: met - gone.size };
}
