import type { Command } from 'commander';
import { type ChangeOptions, changeUser, forChange, type Plan } from './support/change-user.ts';
import { forUser } from './support/find-user.ts';
import { printable, type Terminal, WrongUsage } from './support/terminal.ts';

/** Since now, also where the role stays: a webhook that came in before does not bring another one. */
const plan =
  (slug: string): Plan =>
  ({ role }, { config }, roleAt) => {
    const known = config.roles.list.map((one) => one.slug);
    if (!known.includes(slug))
      throw new WrongUsage(`There is no role "${printable(slug)}". There are: ${known.join(', ')}.`);
    return {
      question: `This changes the role from ${printable(role)} to ${slug}.`,
      change: { role: slug, roleAt },
      role: slug,
    };
  };

/** `usher user set-role`: any role of the configuration, which webhooks do not give when it is privileged. */
export function addUserSetRole(user: Command, terminal: Terminal): void {
  forChange(
    forUser(
      user
        .command('set-role')
        .description('Give one user a role, also a privileged one.')
        .requiredOption('--role <slug>', 'as in roles.list of usher.config.ts'),
    ),
  ).action((options: ChangeOptions & { role: string }) =>
    changeUser('set-role', options, terminal, plan(options.role)),
  );
}
