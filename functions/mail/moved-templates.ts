import { plainHtml, plainText } from './plain-html.ts';

/** What a template may name: see docs/welcome-mail.md. `{{value}}` is escaped in the HTML part. */
const paragraphs = [
  'Hello,',
  'an account at {{site_name}} was kept under this address, {{email}}. It has got another one now.',
  'Its password and its links do not work any more, and no further mails about it go here.',
  'You did not expect this? Then answer this mail, or write to {{site_name}}.',
];

/** The mail to the address before, without any configuration. */
export const movedTemplates = {
  subject: '[{{site_name}}] Your address was taken off an account',
  text: plainText(paragraphs),
  html: plainHtml('Your address was taken off an account', paragraphs),
} as const;
