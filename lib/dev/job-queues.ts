import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { queueSettings } from '../../functions/jobs/queue-settings.ts';
import { localClient } from './local-client.ts';

export interface JobQueues {
  readonly queueUrl: string;
  readonly deadLetterUrl: string;
}

/** Attributes of the dead-letter queue, as the stack has them. */
export const deadLetterAttributes = {
  FifoQueue: 'true',
  MessageRetentionPeriod: String(queueSettings.retentionSeconds),
};

/** Attributes of the job queue, as the stack has them. */
export const jobAttributes = (deadLetterTargetArn: string) => ({
  ...deadLetterAttributes,
  VisibilityTimeout: String(queueSettings.visibilityTimeoutSeconds),
  RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: queueSettings.maxReceives }),
});

/**
 * Makes a job queue and its dead-letter queue in an SQS that runs already. They are gone when it is stopped.
 *
 * @param name what is in both names, and in no other stack's
 */
export async function createJobQueues(
  endpoint: string,
  name: string,
): Promise<JobQueues & { endpoint: string; stop(): Promise<void> }> {
  const sqs = new SQSClient(localClient(endpoint));
  const create = async (QueueName: string, Attributes: Record<string, string>) => {
    const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
    return QueueUrl;
  };
  const deadLetterUrl = await create(`${name}-dead.fifo`, deadLetterAttributes);
  const { Attributes: { QueueArn = '' } = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: deadLetterUrl, AttributeNames: ['QueueArn'] }),
  );
  const queueUrl = await create(`${name}.fifo`, jobAttributes(QueueArn));
  return {
    endpoint,
    queueUrl,
    deadLetterUrl,
    async stop() {
      for (const QueueUrl of [queueUrl, deadLetterUrl]) await sqs.send(new DeleteQueueCommand({ QueueUrl }));
      sqs.destroy();
    },
  };
}
