import {
  GetAccountSendingEnabledCommand,
  GetIdentityDkimAttributesCommand,
  GetIdentityVerificationAttributesCommand,
  GetSendQuotaCommand,
} from '@aws-sdk/client-ses';
import { deliverable } from '../../functions/mail/mailbox.ts';
import { mailboxAddress } from '../../functions/mail/mailbox-address.ts';
import type { Ses } from '../../functions/runtime/late-ses.ts';
import { examine } from './examine.ts';
import type { Finding, Patient } from './finding.ts';

/** Every account starts with 200 mails a day, and nobody who has left the sandbox has so few. */
const sandboxQuota = 200;
/** Of the daily quota: time to ask for more. */
const nearlyUsed = 0.8;

/** What SES may know a sender by: the address, its domain, or one above it. */
function identitiesOf(sender: string): { address: string; domains: string[] } {
  const labels = sender.slice(sender.lastIndexOf('@') + 1).split('.');
  const domains = labels.slice(0, -1).map((_label, index) => labels.slice(index).join('.'));
  return { address: sender, domains };
}

async function identity(ses: Ses, sender: string, title: string): Promise<Finding[]> {
  const { address, domains } = identitiesOf(sender);
  const { VerificationAttributes: attributes = {} } = await ses.send(
    new GetIdentityVerificationAttributesCommand({ Identities: [address, ...domains] }),
  );
  const verified = [...domains, address].find((name) => attributes[name]?.VerificationStatus === 'Success');
  if (verified === undefined) {
    const known = [address, ...domains].find((name) => attributes[name]);
    return [
      {
        check: 'mail identity',
        status: 'fail',
        message: `SES has not verified ${known ?? domains[0] ?? address}, so it sends nothing from ${sender}`,
        fix: known
          ? `Publish the DNS records that the SES console shows for ${known}, and wait up to 72 hours.`
          : 'Create the identity in SES (in the region of this stage), or with mailIdentity in usher.config.ts.',
      },
    ];
  }
  const signature = await examine({ check: 'DKIM' }, title, async () => [
    verified === address ? dkimless(address) : await dkim(ses, verified),
  ]);
  return [{ check: 'mail identity', status: 'ok', message: `${verified} is verified` }, ...signature];
}

function dkimless(address: string): Finding {
  return {
    check: 'DKIM',
    status: 'warn',
    message: `only the address ${address} is verified, so mails carry no signature of its domain`,
    fix: 'Verify the domain in SES: large mailbox providers reject unsigned mail.',
  };
}

async function dkim(ses: Ses, domain: string): Promise<Finding> {
  const { DkimAttributes: attributes = {} } = await ses.send(
    new GetIdentityDkimAttributesCommand({ Identities: [domain] }),
  );
  const { DkimEnabled: isEnabled, DkimVerificationStatus: status } = attributes[domain] ?? {};
  if (isEnabled && status === 'Success')
    return { check: 'DKIM', status: 'ok', message: `${domain} signs its mails` };
  return {
    check: 'DKIM',
    status: 'warn',
    message: `mails of ${domain} are not signed (DKIM: ${isEnabled ? (status ?? 'unknown') : 'off'})`,
    fix: `Publish the three CNAME records that the SES console shows for ${domain}.`,
  };
}

async function sending(ses: Ses): Promise<Finding[]> {
  const { Enabled: isEnabled } = await ses.send(new GetAccountSendingEnabledCommand({}));
  if (isEnabled) return [{ check: 'mail sending', status: 'ok', message: 'SES sends for this account' }];
  return [
    {
      check: 'mail sending',
      status: 'fail',
      message: 'SES has paused sending for this account and region',
      fix: 'Open the account dashboard of SES: it says why, and how to have it lifted.',
    },
  ];
}

async function quotas(ses: Ses): Promise<Finding[]> {
  const { Max24HourSend: quota = 0, SentLast24Hours: sent = 0 } = await ses.send(new GetSendQuotaCommand({}));
  const message = `${sent} of ${quota < 0 ? 'any number' : quota} mails sent in 24 hours`;
  const used: Finding =
    quota > sandboxQuota && sent / quota >= nearlyUsed
      ? {
          check: 'mail quota',
          status: 'warn',
          message,
          fix: 'Ask for a higher SES sending quota in Service Quotas.',
        }
      : { check: 'mail quota', status: 'ok', message };
  const sandbox: Finding =
    quota >= 0 && quota <= sandboxQuota
      ? {
          check: 'mail sandbox',
          status: 'warn',
          message: 'the SES account is in the sandbox: only verified addresses get mail',
          fix: 'In SES, "Account dashboard", choose "Request production access".',
        }
      : { check: 'mail sandbox', status: 'ok', message: 'the SES account is out of the sandbox' };
  return [used, sandbox];
}

/**
 * Whether SES sends from the configured address, to anybody. Each of its calls needs a permission of its own.
 *
 * https://docs.aws.amazon.com/ses/latest/dg/request-production-access.html
 */
export async function checkMail({ deployment: { ses, stage, config, title } }: Patient): Promise<Finding[]> {
  if (stage === undefined) {
    return [{ check: 'mail', status: 'skip', message: 'local: mails go to the inbox of "usher dev"' }];
  }
  const sender = deliverable(mailboxAddress(config.mail.from));
  return [
    ...(await examine({ check: 'mail identity' }, title, () => identity(ses, sender, title))),
    ...(await examine({ check: 'mail sending' }, title, () => sending(ses))),
    ...(await examine({ check: 'mail quota' }, title, () => quotas(ses))),
  ];
}
