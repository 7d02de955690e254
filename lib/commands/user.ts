import { type Command, Option } from 'commander';
import { allUsers } from '../../functions/users/all-users.ts';
import { usersWithTag } from '../../functions/users/list.ts';
import type { User } from '../../functions/users/user.ts';
import type { DeploymentOptions } from './support/deployment.ts';
import { forDeployment, withDeployment } from './support/deployment-options.ts';
import { findUser, forUser, type UserOptions } from './support/find-user.ts';
import { shownUser } from './support/shown-user.ts';
import { printable, printableJson, type Terminal, WrongUsage } from './support/terminal.ts';
import { addUserDelete } from './user-delete.ts';
import { addUserExport } from './user-export.ts';
import { addUserLink } from './user-link.ts';
import { addUserResend } from './user-resend.ts';
import { addUserSetEmail } from './user-set-email.ts';
import { addUserSetPasswordLink } from './user-set-password-link.ts';
import { addUserSetRole } from './user-set-role.ts';

function describe(user: User): string[] {
  const rows: [string, string][] = [
    ['id', user.id],
    ['e-mail', user.email],
    ['username', user.login],
    ['role', user.role],
    ['tags', user.tags.join(', ') || '-'],
    ...Object.entries(user.contacts).map(([connection, id]): [string, string] => [
      `contact (${connection})`,
      id,
    ]),
    ...Object.entries(user.fields).map(([key, value]): [string, string] => [
      key,
      typeof value === 'object' ? JSON.stringify(value) : String(value),
    ]),
    ['password', user.passwordHash === undefined ? 'not set' : 'set'],
    ...(user.mail ? [['mailbox', `${user.mail.state} ${user.mail.at}`] satisfies [string, string]] : []),
    ['pending', Object.keys(user.effects).join(', ') || '-'],
    ['created', user.created],
    ['updated', user.updated],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${printable(value)}`);
}

async function get(options: UserOptions, { out }: Terminal): Promise<void> {
  const user = await withDeployment(options, (deployment) => findUser(deployment, options));
  if (options.json) out(printableJson(JSON.stringify(shownUser(user))));
  else for (const line of describe(user)) out(line);
}

interface ListOptions extends DeploymentOptions {
  tag?: string;
  all?: boolean;
  json?: boolean;
}

async function list(options: ListOptions, { out, err }: Terminal): Promise<void> {
  const { tag, all } = options;
  if (tag === undefined && !all) throw new WrongUsage('Say which users: --tag <tag> or --all.');
  await withDeployment(options, async ({ users }) => {
    let count = 0;
    for await (const user of tag === undefined ? allUsers(users) : usersWithTag(users, tag)) {
      count += 1;
      if (options.json) out(printableJson(JSON.stringify(shownUser(user))));
      else {
        out(
          [user.id, user.role.padEnd(12), printable(user.email), printable(user.tags.join(', '))].join('  '),
        );
      }
    }
    if (!options.json) err(`${count} user(s)`);
  });
}

/** `usher user` with its commands. */
export function addUserCommand(program: Command, terminal: Terminal): void {
  const user = program.command('user').description('Look at users, and put right what webhooks cannot.');
  forDeployment(forUser(user.command('get').description('Show one user.'))).action((options: UserOptions) =>
    get(options, terminal),
  );
  forDeployment(
    user
      .command('list')
      .description('List users.')
      .addOption(new Option('--tag <tag>', 'who has this tag').conflicts('all'))
      .option('--all', 'everybody (reads the whole table)'),
    'print one line of JSON per user',
  ).action((options: ListOptions) => list(options, terminal));
  addUserExport(user, terminal);
  addUserDelete(user, terminal);
  addUserResend(user, terminal);
  addUserLink(user, terminal);
  addUserSetRole(user, terminal);
  addUserSetEmail(user, terminal);
  addUserSetPasswordLink(user, terminal);
}
