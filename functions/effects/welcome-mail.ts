import { SendEmailCommand } from '@aws-sdk/client-ses';
import { UsherError } from '../errors.ts';
import { mailWarning } from '../users/mail-state.ts';
import { isMailable } from '../users/mailable.ts';
import type { ClaimedWith } from '../users/pending-effects.ts';
import { newSetPasswordKey } from '../users/set-password-key.ts';
import type { Effect, Refusal } from './effect.ts';
import type { EffectPorts } from './ports.ts';
import { setPasswordLink, welcomeMessage } from './welcome-message.ts';

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
export async function sendMail(ports: EffectPorts, command: SendEmailCommand): Promise<'done'> {
  try {
    await ports.ses.send(command);
    return 'done';
  } catch (error) {
    if (!(error instanceof Error) || !refusals.has(error.name)) throw error;
    throw new UsherError('mail_refused', 'SES refuses to send the mail.', { retryable: true, cause: error });
  }
}

/** Sends the welcome mail: the username and a link with a one-time key. Never a password. */
export const welcomeMail: Effect = {
  prepare(user, ports) {
    const refusal: Refusal | undefined = isMailable(user.email) ? mailWarning(user) : 'address_not_mailable';
    if (refusal !== undefined) {
      const perform = () => Promise.resolve(refusal);
      return Promise.resolve({ written: {}, email: user.email, perform });
    }
    const { key, stored } = newSetPasswordKey(ports.random, ports.now());
    const written: ClaimedWith = { setPassword: stored };
    const message = welcomeMessage(ports.config, user, setPasswordLink(ports.config, user.id, key));
    return Promise.resolve({
      written,
      email: user.email,
      perform: () => sendMail(ports, new SendEmailCommand(message)),
    });
  },
};
