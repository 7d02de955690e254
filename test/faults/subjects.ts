import type { Job } from '../../functions/jobs/job.ts';

/** What jobs are about: `connection/contact id` of webhooks, the user's id of effects. What waits there is not lost. */
export function subjectsOf(jobs: readonly Job[]): Set<string> {
  return new Set(
    jobs.map((job) => (job.kind === 'effects' ? job.userId : `${job.connection}/${job.contactId}`)),
  );
}
