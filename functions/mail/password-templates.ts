import { plainHtml, plainText } from './plain-html.ts';

const asked = [
  'Hello{{#first_name}} {{first_name}}{{/first_name}},',
  'somebody, probably you, wants to choose a new password for your account at {{site_name}}.',
  'Your username: {{login}}',
];
const asides = [
  'The link works once, for {{valid_hours}} hours. Your present password stays as it is until then.',
  'You did not ask for this? Then you can ignore this mail.',
];

/** The mail with a link that somebody has asked for on the site's pages, without any configuration. */
export const linkTemplates = {
  subject: '[{{site_name}}] Choose a new password',
  text: plainText([...asked, 'Choose a password here:\n{{link}}', ...asides]),
  html: plainHtml('Choose a new password', [
    ...asked,
    '<a href="{{link}}">Choose a password</a>',
    ...asides,
    'If that does not work, copy this address into your browser:<br>\n<span style="word-break:break-all;">{{link}}</span>',
  ]),
} as const;

const changed = [
  'Hello{{#first_name}} {{first_name}}{{/first_name}},',
  'the password of your account at {{site_name}} was changed just now. Your username: {{login}}',
  'This was not you? Then choose another one at once, and write to {{site_name}}:',
];

/** The mail that tells of a changed password, without any configuration. */
export const changedTemplates = {
  subject: '[{{site_name}}] Your password was changed',
  text: plainText([...changed, '{{forgot_url}}']),
  html: plainHtml('Your password was changed', [...changed, '<a href="{{forgot_url}}">{{forgot_url}}</a>']),
} as const;
