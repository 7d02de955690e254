import { uniqueSpelling } from '../mail/email-address.ts';
import { type Effect, over } from './effect.ts';
import { mailWithKey } from './mail-with-key.ts';
import { linkMessage } from './messages.ts';

/** Sends the link that somebody has asked for who has forgotten the password. */
export const linkMail: Effect = {
  prepare(user, ports, { to = '' }) {
    // The account has moved since: whoever asked from the mailbox before gets no key to it.
    if (uniqueSpelling(to) !== uniqueSpelling(user.email)) return Promise.resolve(over);
    return Promise.resolve(mailWithKey(user, ports, (link) => linkMessage(ports.config, user, link)));
  },
};
