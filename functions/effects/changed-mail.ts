import { SendEmailCommand } from '@aws-sdk/client-ses';
import { isMailable } from '../mail/mailable.ts';
import { sendMail } from '../mail/send-mail.ts';
import { mailWarning } from '../users/mail-state.ts';
import { type Effect, over } from './effect.ts';
import { changedMessage } from './messages.ts';

/** Tells the address that the account had at that moment that its password was changed. */
export const changedMail: Effect = {
  prepare(user, ports, { to }) {
    if (to === undefined || !isMailable(to)) return Promise.resolve(over);
    const warning = mailWarning(user);
    if (warning) return Promise.resolve({ ...over, perform: () => Promise.resolve(warning) });
    const message = new SendEmailCommand(changedMessage(ports.config, { ...user, email: to }));
    return Promise.resolve({ ...over, perform: () => sendMail(ports.ses, message) });
  },
};
