import { Duration } from 'aws-cdk-lib';
import { DeduplicationScope, FifoThroughputLimit, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { queueSettings } from '../../functions/jobs/queue-settings.ts';
import { acknowledge } from './acknowledge.ts';

/**
 * What both queues have in common. With the throughput counted per message group, one queue takes thousands of
 * jobs a second instead of 300; the function names every message itself, so nothing is lost by it.
 *
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/high-throughput-fifo.html
 */
const common = {
  fifo: true,
  fifoThroughputLimit: FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
  deduplicationScope: DeduplicationScope.MESSAGE_GROUP,
  encryption: QueueEncryption.SQS_MANAGED,
  enforceSSL: true,
  retentionPeriod: Duration.seconds(queueSettings.retentionSeconds),
};

/** The FIFO queue of jobs and the dead-letter queue behind it. */
export class JobQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.deadLetters = new Queue(this, 'DeadLetters', common);
    acknowledge(this.deadLetters, {
      'Serverless-SQSRedrivePolicy': 'Dead letters go no further: an operator looks at them.',
    });
    this.queue = new Queue(this, 'Jobs', {
      ...common,
      visibilityTimeout: Duration.seconds(queueSettings.visibilityTimeoutSeconds),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: queueSettings.maxReceives },
    });
  }
}
