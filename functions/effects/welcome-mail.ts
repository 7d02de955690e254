import { SendEmailCommand } from '@aws-sdk/client-ses';
import { isMailable } from '../mail/mailable.ts';
import { sendMail } from '../mail/send-mail.ts';
import { mailWarning } from '../users/mail-state.ts';
import type { ClaimedWith } from '../users/pending-effects.ts';
import { newSetPasswordKey } from '../users/set-password-key.ts';
import type { Effect, Refusal } from './effect.ts';
import { setPasswordLink, welcomeMessage } from './welcome-message.ts';

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
      perform: () => sendMail(ports.ses, new SendEmailCommand(message)),
    });
  },
};
