import {
  CloudWatchDimensionSource,
  ConfigurationSetEventDestination,
  EmailSendingEvent,
  EventDestination,
  type IConfigurationSet,
} from 'aws-cdk-lib/aws-ses';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

/** The dimension of SES's metrics: a tag that SES gives every mail by itself. */
export const mailDimension = 'ses:configuration-set';

/** What went wrong with a mail after SES accepted it. */
const failures = [
  EmailSendingEvent.BOUNCE,
  EmailSendingEvent.COMPLAINT,
  EmailSendingEvent.REJECT,
  EmailSendingEvent.RENDERING_FAILURE,
];

/**
 * What becomes of mails: counted in CloudWatch, and failures told to an SNS topic, with the recipient's address. The function
 * subscribes to it, and whoever an operator adds.
 *
 * https://docs.aws.amazon.com/ses/latest/dg/monitor-using-event-publishing.html
 */
export class MailEvents extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, configurationSet: IConfigurationSet) {
    super(scope, id);
    this.topic = new Topic(this, 'Topic', { enforceSSL: true });
    new ConfigurationSetEventDestination(this, 'ToTopic', {
      configurationSet,
      destination: EventDestination.snsTopic(this.topic),
      events: failures,
    });
    new ConfigurationSetEventDestination(this, 'ToMetrics', {
      configurationSet,
      destination: EventDestination.cloudWatchDimensions([
        {
          name: mailDimension,
          source: CloudWatchDimensionSource.MESSAGE_TAG,
          defaultValue: configurationSet.configurationSetName,
        },
      ]),
      events: [EmailSendingEvent.SEND, EmailSendingEvent.DELIVERY, ...failures],
    });
  }
}
