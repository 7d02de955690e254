import type { SendEmailCommandInput } from '@aws-sdk/client-ses';
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
export function shown(value: unknown): string {
  return typeof value === 'string' ? isolated([...oneLine(value)].slice(0, longestValue).join('')) : '';
}

/** Whom mails come from, and how SES treats them. */
export interface Sender {
  from: string;
  replyTo?: string | undefined;
  configurationSet?: string | undefined;
}

/** A mail's texts, with placeholders for the values. */
export interface MailTemplates {
  subject: string;
  text: string;
  html: string;
}

/**
 * A mail to one address for SES `SendEmail`: text and HTML.
 *
 * https://docs.aws.amazon.com/ses/latest/APIReference/API_SendEmail.html
 */
export function composeMail(
  { from, replyTo, configurationSet }: Sender,
  to: string,
  templates: MailTemplates,
  values: object,
): SendEmailCommandInput {
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
