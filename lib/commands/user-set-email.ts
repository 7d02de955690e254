import type { Command } from 'commander';
import { otherMailbox } from '../../functions/actions/other-mailbox.ts';
import { effectsIn } from '../../functions/actions/plan-move.ts';
import { emailAddress, forbiddenCharacter } from '../../functions/mail/email-address.ts';
import { isMailable } from '../../functions/mail/mailable.ts';
import { secureRandom } from '../../functions/random.ts';
import { emailHolder, loginHolder } from '../../functions/users/find.ts';
import type { EffectName, User } from '../../functions/users/user.ts';
import { type ChangeOptions, changeUser, forChange, type Plan } from './support/change-user.ts';
import type { Deployment } from './support/deployment.ts';
import { forUser } from './support/find-user.ts';
import { CommandError, printable, type Terminal } from './support/terminal.ts';

/** @throws CommandError for what no mail can reach */
function checked(text: string): string {
  const email = emailAddress(text);
  const character = email === undefined && forbiddenCharacter(text);
  if (email === undefined)
    throw new CommandError(`--to is no e-mail address${character ? `: it holds ${character}` : ''}.`);
  if (!isMailable(email)) throw new CommandError('SES takes no mail to such an address.');
  return email;
}

/** What a move leads to, in the words of a question. */
const consequences: Partial<Record<EffectName, string>> = {
  welcome_mail: 'the new one gets a mail with a key',
  moved_mail: 'the old one is told',
  return_password: 'a new password goes to the CRM',
};

function moveTo(
  user: User,
  email: string,
  isNameTaken: boolean,
  { config, command, now }: Pick<Deployment, 'config' | 'command'> & { now: string },
) {
  const ports = { config, random: secureRandom, now: () => new Date(now) };
  const change = email === user.email ? {} : otherMailbox(user, { email, isNameTaken }, ports);
  const effects = effectsIn(change);
  const follows = effects.map((name) => `, ${consequences[name]}`).join('');
  const ends = change.endsCredentials === true;
  const resend = `No key was mailed, because none was before. To send one: ${command(`user resend --id ${user.id}`)}`;
  return {
    question: `This changes the address to ${printable(email)}.${ends ? ` Password and key of the old one end${follows}.` : ''}`,
    change,
    hints: ends && !effects.includes('welcome_mail') ? [resend] : [],
  };
}

const plan =
  (to: string): Plan =>
  async (user, deployment, now) => {
    const email = checked(to);
    const holder = await emailHolder(deployment.users, email);
    if (holder !== undefined && holder !== user.id)
      throw new CommandError(`The address belongs to the user ${holder}.`);
    const namesake = await loginHolder(deployment.users, email);
    return moveTo(user, email, namesake !== undefined && namesake !== user.id, { ...deployment, now });
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
