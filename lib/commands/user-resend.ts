import type { Command } from 'commander';
import { isMailable } from '../../functions/mail/mailable.ts';
import { askedWelcome } from '../../functions/users/asked-welcome.ts';
import { type ChangeOptions, changeUser, forChange, type Plan } from './support/change-user.ts';
import { forUser } from './support/find-user.ts';
import { CommandError, type Terminal } from './support/terminal.ts';

/** SES keeps addresses of its own accord, and drops mails to them as if they had bounced again. */
const suppressed =
  'SES drops mails to an address that has bounced or complained until it is taken off its suppression list: aws sesv2 delete-suppressed-destination --email-address <address>';

const plan: Plan = ({ email, mail }, _deployment, now) => {
  if (!isMailable(email))
    throw new CommandError('SES takes no mail to this address. Give the user another one: user set-email.');
  return {
    question: `This sends a welcome mail with a new key${mail ? `, although the mailbox has ${mail.state}` : ''}.`,
    change: { ...askedWelcome(now), triesMailAgain: true },
    hints: mail ? [suppressed] : [],
  };
};

/** `usher user resend`: a new key in a new mail, also to a mailbox that has bounced. */
export function addUserResend(user: Command, terminal: Terminal): void {
  forChange(
    forUser(user.command('resend').description('Send one user a welcome mail with a new key.')),
  ).action((options: ChangeOptions) => changeUser('resend', options, terminal, plan));
}
