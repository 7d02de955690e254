/**
 * How the job queue is set up. The stack, the local stack and the job consumer must agree on these numbers,
 * so they stand in one place.
 *
 * FIFO queues: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues.html
 */
export const queueSettings = {
  /**
   * Hand-outs before SQS itself moves a job to the dead-letter queue, the most it allows. The function ends jobs long before, by
   * their age and their failures: a hand-out without a call is no try. This is for functions that crash each time.
   */
  maxReceives: 1000,
  /**
   * How long one try may take before SQS gives the job to somebody else, in seconds. Six times the function's time-out:
   * jobs that Lambda holds back for want of concurrency must not be counted as tried.
   * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
   */
  visibilityTimeoutSeconds: 180,
  /** How long a job is kept, in seconds: the longest SQS allows. */
  retentionSeconds: 14 * 24 * 60 * 60,
  /** One job per invocation: a slow CRM then delays one contact, and every job's failures are its own. */
  batchSize: 1,
} as const;
