import * as z from 'zod';
import { emailAddress } from '../mail/email-address.ts';
import { mailboxAddress } from '../mail/mailbox-address.ts';
import { movedTemplates } from '../mail/moved-templates.ts';
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

/** Whom mails come from, what they say, and when they go. */
export const mail = z.strictObject({
  from: mailbox,
  replyTo: mailbox.optional(),
  /** `when_asked`: new users whose webhook says `send_notification=true`; `always`: every new user. */
  welcome: z.enum(['when_asked', 'always']).default('when_asked'),
  /** Mustache templates. docs/welcome-mail.md lists what they may name. */
  templates: z
    .strictObject({
      subject: template.default(defaultTemplates.subject),
      text: template.default(defaultTemplates.text),
      html: template.default(defaultTemplates.html),
    })
    .prefault({}),
  /** Whether the address that a user had before a move is told. */
  tellMoved: z.boolean().default(true),
  movedTemplates: z
    .strictObject({
      subject: template.default(movedTemplates.subject),
      text: template.default(movedTemplates.text),
      html: template.default(movedTemplates.html),
    })
    .prefault({}),
  /** SES configuration set of the mails. */
  configurationSet: z.string().min(1).optional(),
});
