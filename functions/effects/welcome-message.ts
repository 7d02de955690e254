import type { SendEmailCommandInput } from '@aws-sdk/client-ses';
import type { Config } from '../config/config.ts';
import { composeMail, shown } from '../mail/message.ts';
import type { User } from '../users/user.ts';

/**
 * The address of the page for setting a password, with the one-time key for this user behind what the address has in its query
 * already. That stays as it is written.
 */
export function setPasswordLink(config: Config, userId: string, key: string): string {
  const link = new URL(config.site.setPasswordUrl);
  const own = link.search.replace(/&$/, '');
  link.search = `${own}${own === '' ? '?' : '&'}${new URLSearchParams({ user: userId, key }).toString()}`;
  return link.href;
}

const siteValues = ({ site: { name, url } }: Config) => ({ site_name: name, site_url: url });

/** The welcome mail, from the configured templates. */
export function welcomeMessage(config: Config, user: User, link: string): SendEmailCommandInput {
  const values = {
    ...siteValues(config),
    login: shown(user.login),
    email: shown(user.email),
    first_name: shown(user.fields['first_name']),
    last_name: shown(user.fields['last_name']),
    display_name: shown(user.fields['display_name']),
    link,
    valid_hours: 24,
  };
  return composeMail(config.mail, user.email, config.mail.templates, values);
}

/** The mail to the address that a user had before a move. It holds nothing of the person, who may be a stranger there. */
export function movedMessage(config: Config, email: string): SendEmailCommandInput {
  return composeMail(config.mail, email, config.mail.movedTemplates, {
    ...siteValues(config),
    email: shown(email),
  });
}
