import type { Command } from 'commander';
import { emailAddress, forbiddenCharacter } from '../../functions/users/email-address.ts';
import { emailHolder } from '../../functions/users/find.ts';
import { isMailable } from '../../functions/users/mailable.ts';
import { otherMailbox } from '../../functions/users/other-mailbox.ts';
import { type ChangeOptions, changeUser, forChange, type Plan } from './change-user.ts';
import { forUser } from './find-user.ts';
import { CommandError, printable, type Terminal } from './terminal.ts';

/** @throws CommandError for what no mail can reach */
function checked(text: string): string {
  const email = emailAddress(text);
  const character = email === undefined && forbiddenCharacter(text);
  if (email === undefined)
    throw new CommandError(`--to is no e-mail address${character ? `: it holds ${character}` : ''}.`);
  if (!isMailable(email)) throw new CommandError('SES takes no mail to such an address.');
  return email;
}

const plan =
  (to: string): Plan =>
  async (user, { users, command }, now) => {
    const email = checked(to);
    const holder = await emailHolder(users, email);
    if (holder !== undefined && holder !== user.id)
      throw new CommandError(`The address belongs to the user ${holder}.`);
    const change = email === user.email ? {} : otherMailbox(user, email, now);
    const { endsCredentials: ends = false, welcomeAsked } = change;
    const consequence = welcomeAsked === undefined ? 'no mail is sent' : 'the new one gets a mail with a key';
    const resend = `No mail was sent, because none was before. To send one: ${command(`user resend --id ${user.id}`)}`;
    return {
      question: `This changes the address to ${printable(email)}.${ends ? ` Password and key of the old one end, ${consequence}.` : ''}`,
      change,
      hints: ends && welcomeAsked === undefined ? [resend] : [],
    };
  };

/** `usher user set-email`: another address, and with it another mailbox that passwords and keys come from. */
export function addUserSetEmail(user: Command, terminal: Terminal): void {
  forChange(
    forUser(
      user
        .command('set-email')
        .description('Give one user another address. Password and key of the old one end.')
        .requiredOption('--to <address>', 'the new address'),
    ),
  ).action((options: ChangeOptions & { to: string }) =>
    changeUser('set-email', options, terminal, plan(options.to)),
  );
}
