import type { SendEmailCommandInput } from '@aws-sdk/client-ses';
import type { Config } from '../config/config.ts';
import type { User } from '../users/user.ts';
import { deliverable, headerMailbox } from './mailbox.ts';
import { renderTemplate } from './template.ts';

/** Line breaks and other control characters end a header, or fake a line of the mail. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}

const ownIsolates = /[\u2066-\u2069]/g;

/**
 * A text whose marks would turn the rest of the line around becomes an island in it: what begins between FSI and PDI ends there.
 * Isolates of its own could end ours, and go.
 *
 * https://www.unicode.org/reports/tr9/#Explicit_Directional_Isolates
 */
function isolated(text: string): string {
  return /\p{Bidi_Control}/u.test(text) ? `\u2068${text.replace(ownIsolates, '')}\u2069` : text;
}

const longestValue = 200;

/** A value for a template: one line, not long enough to push the mail's own text away, which it does not turn around. */
function shown(value: unknown): string {
  return typeof value === 'string' ? isolated([...oneLine(value)].slice(0, longestValue).join('')) : '';
}

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

type Templates = Config['mail']['templates'];

/** A mail to one address, from configured templates. */
function message(config: Config, to: string, templates: Templates, values: object): SendEmailCommandInput {
  const { from, replyTo, configurationSet } = config.mail;
  const content = (template: string, as: 'text' | 'html') => ({
    Charset: 'UTF-8',
    Data: renderTemplate(template, values, as),
  });
  return {
    Source: headerMailbox(from),
    Destination: { ToAddresses: [deliverable(to)] },
    ...(replyTo === undefined ? {} : { ReplyToAddresses: [headerMailbox(replyTo)] }),
    ...(configurationSet === undefined ? {} : { ConfigurationSetName: configurationSet }),
    Message: {
      Subject: { Charset: 'UTF-8', Data: oneLine(renderTemplate(templates.subject, values, 'text')) },
      Body: { Text: content(templates.text, 'text'), Html: content(templates.html, 'html') },
    },
  };
}

const siteValues = ({ site: { name, url } }: Config) => ({ site_name: name, site_url: url });

/**
 * The welcome mail for SES `SendEmail`: text and HTML from the configured templates.
 *
 * https://docs.aws.amazon.com/ses/latest/APIReference/API_SendEmail.html
 */
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
  return message(config, user.email, config.mail.templates, values);
}

/** The mail to the address that a user had before a move. It holds nothing of the person, who may be a stranger there. */
export function movedMessage(config: Config, email: string): SendEmailCommandInput {
  return message(config, email, config.mail.movedTemplates, { ...siteValues(config), email: shown(email) });
}
