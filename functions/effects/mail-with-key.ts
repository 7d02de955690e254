import { SendEmailCommand, type SendEmailCommandInput } from '@aws-sdk/client-ses';
import { isMailable } from '../mail/mailable.ts';
import { sendMail } from '../mail/send-mail.ts';
import { mailWarning } from '../users/mail-state.ts';
import { newSetPasswordKey } from '../users/set-password-key.ts';
import type { User } from '../users/user.ts';
import type { Prepared } from './effect.ts';
import { setPasswordLink } from './messages.ts';
import type { EffectPorts } from './ports.ts';

/** A mail with a one-time key to the user's present address, if mails reach that. */
export function mailWithKey(
  user: User,
  ports: EffectPorts,
  compose: (link: string) => SendEmailCommandInput,
): Prepared {
  const refusal = isMailable(user.email) ? mailWarning(user) : 'address_not_mailable';
  if (refusal !== undefined) {
    return { written: {}, email: user.email, perform: () => Promise.resolve(refusal) };
  }
  const { key, stored } = newSetPasswordKey(ports.random, ports.now());
  const message = compose(setPasswordLink(ports.config, user.id, key));
  return {
    written: { setPassword: stored },
    email: user.email,
    perform: () => sendMail(ports.ses, new SendEmailCommand(message)),
  };
}
