import type { Command } from 'commander';
import { pendingPassword } from '../../functions/actions/new-user.ts';
import { isMailable } from '../../functions/mail/mailable.ts';
import { secureRandom } from '../../functions/random.ts';
import { askedWelcome } from '../../functions/users/asked-welcome.ts';
import type { User } from '../../functions/users/user.ts';
import type { UserChange } from '../../functions/users/user-change.ts';
import { type ChangeOptions, changeUser, forChange, type Plan } from './support/change-user.ts';
import type { Deployment } from './support/deployment.ts';
import { isOfNobodyKnown } from './support/effects-job.ts';
import { forUser } from './support/find-user.ts';
import { CommandError, type Terminal } from './support/terminal.ts';

/** SES keeps addresses of its own accord, and drops mails to them as if they had bounced again. */
const suppressed =
  'SES drops mails to an address that has bounced or complained until it is taken off its suppression list: aws sesv2 delete-suppressed-destination --email-address <address>';

/**
 * Whoever works on the mail works on a pending password too. Where an earlier release has not kept whose it is, the operator
 * says so; where no CRM of the user's returns passwords any more it is called off.
 */
function pendingOf(
  user: User,
  said: string | undefined,
  { config, command }: Deployment,
  now: string,
): UserChange['effects'] {
  if (!isOfNobodyKnown(user)) return {};
  const names = Object.keys(user.contacts)
    .filter((name) => Object.hasOwn(config.connections, name) && config.connections[name]?.returnPassword)
    .sort();
  if (names.length === 0) return { return_password: undefined };
  if (said !== undefined && names.includes(said))
    return { return_password: pendingPassword(said, { random: secureRandom, now: () => new Date(now) }) };
  const again = command(`user resend --id ${user.id} --connection ${names.join('|')}`);
  throw new CommandError(
    `A password is pending that does not say which CRM it is returned to, as those of earlier releases. Say it: ${again}`,
  );
}

const planFor =
  (said: string | undefined): Plan =>
  (user, deployment, now) => {
    const { email, mail } = user;
    if (!isMailable(email))
      throw new CommandError('SES takes no mail to this address. Give the user another one: user set-email.');
    const { effects, ...asked } = askedWelcome(now);
    return {
      question: `This sends a welcome mail with a new key${mail ? `, although the mailbox has ${mail.state}` : ''}.`,
      change: {
        ...asked,
        effects: { ...effects, ...pendingOf(user, said, deployment, now) },
        triesMailAgain: true,
      },
      hints: mail ? [suppressed] : [],
    };
  };

/** With `--contact` it names the user, and says nothing of a password. */
const saidConnection = ({ contact, connection }: ChangeOptions) =>
  contact === undefined ? connection : undefined;

/** `usher user resend`: a new key in a new mail, also to a mailbox that has bounced. */
export function addUserResend(user: Command, terminal: Terminal): void {
  forChange(
    forUser(user.command('resend').description('Send one user a welcome mail with a new key.')),
  ).action((options: ChangeOptions) =>
    changeUser('resend', options, terminal, planFor(saidConnection(options))),
  );
}
