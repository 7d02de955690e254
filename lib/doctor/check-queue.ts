import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Finding, Patient } from './finding.ts';

/** More than a burst leaves behind. */
const manyJobs = 1000;

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html */
async function depth(sqs: SQSClient, QueueUrl: string): Promise<{ waiting: number; taken: number }> {
  const { Attributes: attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  );
  return {
    waiting: Number(attributes['ApproximateNumberOfMessages'] ?? 0),
    taken: Number(attributes['ApproximateNumberOfMessagesNotVisible'] ?? 0),
  };
}

/** How many jobs wait. */
export async function checkQueue({ deployment: { sqs, queueUrl } }: Patient): Promise<Finding[]> {
  const { waiting, taken } = await depth(sqs, queueUrl);
  const message = `${waiting} jobs wait, ${taken} are worked on or rest before another try`;
  if (waiting <= manyJobs) return [{ check: 'queue', status: 'ok', message }];
  const fix = 'If the CRM allows more calls, raise maximumConcurrency of this stage in usher.config.ts.';
  return [{ check: 'queue', status: 'warn', message, fix }];
}

/** How many jobs were given up. */
export async function checkDeadLetters({
  deployment: { sqs, deadLetterUrl, command },
}: Patient): Promise<Finding[]> {
  const { waiting, taken } = await depth(sqs, deadLetterUrl);
  const count = waiting + taken;
  if (count === 0) return [{ check: 'dead letters', status: 'ok', message: 'none' }];
  const fix = `See why, then replay or drop them: ${command('dlq list')}`;
  return [{ check: 'dead letters', status: 'warn', message: `${count} jobs were given up`, fix }];
}
