import { RemovalPolicy } from 'aws-cdk-lib';
import {
  ConfigurationSet,
  ConfigurationSetTlsPolicy,
  EmailIdentity,
  type IConfigurationSet,
  Identity,
  SuppressionReasons,
} from 'aws-cdk-lib/aws-ses';
import { Construct } from 'constructs';
import type { Config } from '../../functions/config/config.ts';
import type { MailIdentity, StageSettings } from '../../functions/config/stages.ts';
import { deliverable } from '../../functions/mail/mailbox.ts';
import { mailboxAddress } from '../../functions/mail/mailbox-address.ts';
import { MailEvents } from './mail-events.ts';

interface MailProps {
  mail: Config['mail'];
  settings: StageSettings;
}

/** The domain of the sender, which this stage takes as it is in the account. */
function identityOfSender(sender: string): MailIdentity {
  return { domain: sender.slice(sender.lastIndexOf('@') + 1), create: false };
}

/** What SES needs to send the welcome mails: an identity and a configuration set, with its events. */
export class Mail extends Construct {
  /** The address in `mail.from`, with its domain in ASCII. */
  readonly sender: string;
  /** Domain or address of the SES identity. */
  readonly identity: string;
  readonly configurationSet: IConfigurationSet;
  readonly events: MailEvents;
  /** CNAME records to set, when the stack makes the identity of a domain. */
  readonly dnsRecords: { name: string; value: string }[] = [];

  constructor(scope: Construct, id: string, { mail, settings }: MailProps) {
    super(scope, id);
    this.sender = deliverable(mailboxAddress(mail.from));
    const wanted = settings.mailIdentity ?? identityOfSender(this.sender);
    this.identity = 'domain' in wanted ? wanted.domain : wanted.address;
    if (wanted.create) this.#createIdentity(wanted, settings.isThrowAway);

    this.configurationSet =
      mail.configurationSet === undefined
        ? new ConfigurationSet(this, 'ConfigurationSet', {
            tlsPolicy: ConfigurationSetTlsPolicy.REQUIRE,
            reputationMetrics: true,
            suppressionReasons: SuppressionReasons.BOUNCES_AND_COMPLAINTS,
          })
        : ConfigurationSet.fromConfigurationSetName(this, 'ConfigurationSet', mail.configurationSet);
    this.events = new MailEvents(this, 'Events', this.configurationSet);
  }

  #createIdentity(wanted: MailIdentity, isThrowAway: boolean): void {
    const identity = new EmailIdentity(this, 'Identity', {
      identity: 'domain' in wanted ? Identity.domain(wanted.domain) : Identity.email(wanted.address),
    });
    // Made anew, it would need new DNS records. But one that a failed first deployment leaves behind is in the way of the next.
    identity.applyRemovalPolicy(
      isThrowAway ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    );
    if ('domain' in wanted) this.dnsRecords.push(...identity.dkimRecords);
  }
}
