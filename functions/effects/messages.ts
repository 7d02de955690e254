import type { SendEmailCommandInput } from '@aws-sdk/client-ses';
import type { Config } from '../config/config.ts';
import { UsherError } from '../errors.ts';
import { composeMail, shown } from '../mail/message.ts';
import type { User } from '../users/user.ts';

/** @throws UsherError while the function does not know yet where its own pages are */
function setPasswordPage({ site }: Config): string {
  if (site.setPasswordUrl !== undefined) return site.setPasswordUrl;
  throw new UsherError('unavailable', 'The function was not told its own URL.', { retryable: true });
}

/**
 * The address of the page for setting a password, with the one-time key for this user behind what the address has in its query
 * already. That stays as it is written.
 */
export function setPasswordLink(config: Config, userId: string, key: string): string {
  const link = new URL(setPasswordPage(config));
  const own = link.search.replace(/&$/, '');
  link.search = `${own}${own === '' ? '?' : '&'}${new URLSearchParams({ user: userId, key }).toString()}`;
  return link.href;
}

const siteValues = ({ site: { name, url } }: Config) => ({ site_name: name, site_url: url });

/** What mails to the user say of the account. */
const accountValues = (config: Config, { login, email, fields }: User) => ({
  ...siteValues(config),
  login: shown(login),
  email: shown(email),
  first_name: shown(fields['first_name']),
  last_name: shown(fields['last_name']),
  display_name: shown(fields['display_name']),
});

const valid_hours = 24;

/** The welcome mail, from the configured templates. */
export const welcomeMessage = (config: Config, user: User, link: string): SendEmailCommandInput =>
  composeMail(config.mail, user.email, config.mail.templates, {
    ...accountValues(config, user),
    link,
    valid_hours,
  });

/** The mail with a link for whoever has forgotten the password. */
export const linkMessage = (config: Config, user: User, link: string): SendEmailCommandInput =>
  composeMail(config.mail, user.email, config.mail.linkTemplates, {
    ...accountValues(config, user),
    link,
    valid_hours,
  });

/** The mail that tells of a changed password. */
export const changedMessage = (config: Config, user: User): SendEmailCommandInput =>
  composeMail(config.mail, user.email, config.mail.changedTemplates, {
    ...accountValues(config, user),
    forgot_url: config.site.forgotPasswordUrl ?? config.site.url,
  });

/** The mail to the address that a user had before a move. It holds nothing of the person, who may be a stranger there. */
export function movedMessage(config: Config, email: string): SendEmailCommandInput {
  return composeMail(config.mail, email, config.mail.movedTemplates, {
    ...siteValues(config),
    email: shown(email),
  });
}
