import type { Effect } from './effect.ts';
import { mailWithKey } from './mail-with-key.ts';
import { welcomeMessage } from './messages.ts';

/** Sends the welcome mail: the username and a link with a one-time key. Never a password. */
export const welcomeMail: Effect = {
  prepare(user, ports) {
    return Promise.resolve(mailWithKey(user, ports, (link) => welcomeMessage(ports.config, user, link)));
  },
};
