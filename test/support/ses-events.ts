import { randomUUID } from 'node:crypto';
import type { SNSEvent } from 'aws-lambda';
import { createLambdaContext } from '../../lib/dev/lambda-context.ts';
import type { TestStack } from './test-stack.ts';

/**
 * A message of SES's event destination, as SNS hands it to the function.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html
 */
export function snsEvent(message: string): SNSEvent {
  const TopicArn = 'arn:aws:sns:eu-west-1:000000000000:mail-events';
  return {
    Records: [
      {
        EventSource: 'aws:sns',
        EventVersion: '1.0',
        EventSubscriptionArn: `${TopicArn}:${randomUUID()}`,
        Sns: {
          Type: 'Notification',
          MessageId: randomUUID(),
          TopicArn,
          Subject: 'Amazon SES Email Event Notification',
          Message: message,
          Timestamp: '2026-03-01T12:00:01.000Z',
          SignatureVersion: '1',
          Signature: 'EXAMPLE',
          SigningCertUrl: 'https://sns.example.com/certificate.pem',
          UnsubscribeUrl: 'https://sns.example.com/unsubscribe',
          MessageAttributes: {},
        },
      },
    ],
  };
}

const mailTo = (destination: readonly string[]) => ({
  timestamp: '2026-03-01T11:59:59.000Z',
  messageId: 'EXAMPLE',
  source: 'hello@example.com',
  sendingAccountId: '000000000000',
  destination,
  tags: { 'ses:configuration-set': ['usher'] },
});

const firstTime = '2026-03-01T12:00:00.000Z';

/** https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html */
export function bounceOf(email: string, change: Record<string, unknown> = {}, to = [email]): string {
  return JSON.stringify({
    eventType: 'Bounce',
    mail: mailTo(to),
    bounce: {
      bounceType: 'Permanent',
      bounceSubType: 'General',
      bouncedRecipients: [{ emailAddress: email, action: 'failed', status: '5.1.1' }],
      timestamp: firstTime,
      feedbackId: 'EXAMPLE',
      ...change,
    },
  });
}

export function complaintOf(email: string, change: Record<string, unknown> = {}): string {
  return JSON.stringify({
    eventType: 'Complaint',
    mail: mailTo([email]),
    complaint: {
      complainedRecipients: [{ emailAddress: email }],
      timestamp: firstTime,
      feedbackId: 'EXAMPLE',
      complaintFeedbackType: 'abuse',
      ...change,
    },
  });
}

/** Lets the function have an event, as Lambda does. */
export function tellOfMail(test: TestStack, message: string): Promise<unknown> {
  return test.stack.handler(snsEvent(message), createLambdaContext({ timeoutMs: 30_000 }));
}
