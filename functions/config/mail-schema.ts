import * as z from 'zod';
import { emailAddress } from '../mail/email-address.ts';
import { mailboxAddress } from '../mail/mailbox-address.ts';
import type { MailTemplates } from '../mail/message.ts';
import { movedTemplates } from '../mail/moved-templates.ts';
import { changedTemplates, linkTemplates } from '../mail/password-templates.ts';
import { templateProblem } from '../mail/template.ts';
import { defaultTemplates } from '../mail/welcome-templates.ts';

/** `Name <address>` or a bare address, on one line. */
const mailbox = z.string().refine((text) => emailAddress(mailboxAddress(text)) !== undefined, {
  error: "must be an address such as 'Example <hello@example.com>'",
});

const template = z
  .string()
  .min(1)
  .superRefine((text, context) => {
    const problem = templateProblem(text);
    if (problem) context.addIssue({ code: 'custom', message: problem });
  });

/** The parts of one kind of mail. Mustache templates: docs/welcome-mail.md lists what they may name. */
const templates = (defaults: MailTemplates) =>
  z
    .strictObject({
      subject: template.default(defaults.subject),
      text: template.default(defaults.text),
      html: template.default(defaults.html),
    })
    .prefault({});

/** Whom mails come from, what they say, and when they go. */
export const mail = z.strictObject({
  from: mailbox,
  replyTo: mailbox.optional(),
  /** `when_asked`: new users whose webhook says `send_notification=true`; `always`: every new user. */
  welcome: z.enum(['when_asked', 'always']).default('when_asked'),
  /** The welcome mail. */
  templates: templates(defaultTemplates),
  /** Whether the address that a user had before a move is told. */
  tellMoved: z.boolean().default(true),
  movedTemplates: templates(movedTemplates),
  /** The mail with a link for whoever has forgotten the password. */
  linkTemplates: templates(linkTemplates),
  /** The mail that tells of a changed password. */
  changedTemplates: templates(changedTemplates),
  /** SES configuration set of the mails. */
  configurationSet: z.string().min(1).optional(),
});
