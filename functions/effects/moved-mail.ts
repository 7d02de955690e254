import { SendEmailCommand } from '@aws-sdk/client-ses';
import { sendMail } from '../mail/send-mail.ts';
import { type Effect, over } from './effect.ts';
import { movedMessage } from './messages.ts';

/** Tells the address before that the account has moved: neither where to, nor whose it is. */
export const movedMail: Effect = {
  prepare(_user, ports, { to }) {
    // The operator may have switched these mails off since.
    if (to === undefined || !ports.config.mail.tellMoved) return Promise.resolve(over);
    const message = new SendEmailCommand(movedMessage(ports.config, to));
    return Promise.resolve({ ...over, perform: () => sendMail(ports.ses, message) });
  },
};
