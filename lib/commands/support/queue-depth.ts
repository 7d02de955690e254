import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';

/**
 * About how many messages a queue has, waiting and taken.
 *
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html
 */
export async function queueDepth(
  sqs: Pick<SQSClient, 'send'>,
  QueueUrl: string,
): Promise<{ waiting: number; taken: number }> {
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
