import { queueDepth } from '../commands/support/queue-depth.ts';
import type { Finding, Patient } from './finding.ts';

/** More than a burst leaves behind. */
const manyJobs = 1000;

/** How many jobs wait. */
export async function checkQueue({ deployment: { sqs, queueUrl } }: Patient): Promise<Finding[]> {
  const { waiting, taken } = await queueDepth(sqs, queueUrl);
  const message = `${waiting} jobs wait, ${taken} are worked on or rest before another try`;
  if (waiting <= manyJobs) return [{ check: 'queue', status: 'ok', message }];
  const fix = 'If the CRM allows more calls, raise maximumConcurrency of this stage in usher.config.ts.';
  return [{ check: 'queue', status: 'warn', message, fix }];
}

/** How many jobs were given up. */
export async function checkDeadLetters({
  deployment: { sqs, deadLetterUrl, command },
}: Patient): Promise<Finding[]> {
  const { waiting, taken } = await queueDepth(sqs, deadLetterUrl);
  const count = waiting + taken;
  if (count === 0) return [{ check: 'dead letters', status: 'ok', message: 'none' }];
  const fix = `See why, then replay or drop them: ${command('dlq list')}`;
  return [{ check: 'dead letters', status: 'warn', message: `${count} jobs were given up`, fix }];
}
