import * as z from 'zod';
import { templateProblem } from '../mail/template.ts';

const template = z
  .string()
  .min(1)
  .superRefine((text, context) => {
    const problem = templateProblem(text);
    if (problem) context.addIssue({ code: 'custom', message: problem });
  });

/** Texts by name, each a Mustache template with a default. */
function texts<const Name extends string>(defaults: Readonly<Record<Name, string>>) {
  const names = Object.keys(defaults) as Name[];
  const shape = Object.fromEntries(names.map((name) => [name, template.default(defaults[name])]));
  return z.strictObject(shape as Record<Name, z.ZodDefault<z.ZodString>>);
}

/** What the pages say. `{{site_name}}`, `{{min_length}}` and `{{valid_hours}}` are filled in. */
export const pageTexts = texts({
  setPasswordTitle: 'Choose a password',
  setPasswordIntro: 'For your account at {{site_name}}.',
  username: 'Username',
  newPassword: 'New password',
  passwordHint:
    'At least {{min_length}} characters, whichever you like. A few words in a row are easy to keep in mind.',
  savePassword: 'Save password',
  passwordTooShort: 'This is shorter than {{min_length}} characters.',
  passwordTooLong: 'This is longer than 256 bytes, which is as much as we keep.',
  passwordCommon: 'Many people use this password, so it is among the first that are tried.',
  passwordGuessable: 'This is your own name, your address, or the name of the site.',
  passwordRepeated: 'This is one character again and again.',
  linkOverTitle: 'This link does not work any more',
  linkOverText:
    'It was used already, a newer one was sent, it is older than {{valid_hours}} hours, or a part of it is missing.',
  sendNewLink: 'Send me a new link',
  forgotTitle: 'Forgot your password?',
  forgotIntro:
    'Type the address or the username of your account at {{site_name}}. We send you a link to choose a new password.',
  addressOrUsername: 'E-mail address or username',
  sendLink: 'Send the link',
  sentTitle: 'Look into your mailbox',
  sentText:
    'If there is such an account, a mail with a link is on its way to its address. Nothing after a few minutes? Look among spam, and ask again later.',
  toSite: 'Go to {{site_name}}',
  problemTitle: 'That did not work',
});

/** What errors say, on pages and in answers of the site API. Codes stay as they are in every language. */
export const siteErrorTexts = texts({
  invalid_login: 'Username or password is wrong.',
  invalid_parameter: 'A parameter is missing or wrong: {{parameter}}.',
  invalid_site_key:
    'The site key is missing, wrong or revoked. It belongs into the header Authorization: Bearer.',
  link_over: 'This link does not work any more.',
  malformed_body: 'The body cannot be read: it must be {{expected}}.',
  method_not_allowed: 'This method is not allowed here.',
  not_found: 'There is nothing at this path.',
  password_refused: 'This password cannot be used.',
  payload_too_large: 'The body is larger than 16 KB.',
  too_many_tries: 'Too many tries. Wait a while and try again.',
  unavailable: 'This does not work right now. Try again in a moment.',
  internal_error: 'Something went wrong. The operator has been told.',
  user_not_found: 'There is no such user.',
});
