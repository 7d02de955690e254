import type { SESClient, SendEmailCommand } from '@aws-sdk/client-ses';
import { UsherError } from '../errors.ts';

/** SES errors that an operator has to mend: address, identity, sandbox, or a stop of all sending. */
const refusals = new Set([
  'MessageRejected',
  'MailFromDomainNotVerifiedException',
  'ConfigurationSetDoesNotExistException',
  'ConfigurationSetSendingPausedException',
  'AccountSendingPausedException',
  'InvalidParameterValue',
]);

/**
 * Hands a mail to SES.
 *
 * @throws UsherError `mail_refused`
 */
export async function sendMail(ses: Pick<SESClient, 'send'>, command: SendEmailCommand): Promise<'done'> {
  try {
    await ses.send(command);
    return 'done';
  } catch (error) {
    if (!(error instanceof Error) || !refusals.has(error.name)) throw error;
    throw new UsherError('mail_refused', 'SES refuses to send the mail.', { retryable: true, cause: error });
  }
}
