import type { Command } from 'commander';
import { confirm } from './support/confirm.ts';
import { forDeployment, withDeployment } from './support/deployment-options.ts';
import { findUser, forUser, type UserOptions } from './support/find-user.ts';
import { removeUser } from './support/remove-user.ts';
import { printable, type Terminal } from './support/terminal.ts';

interface DeleteOptions extends UserOptions {
  yes?: boolean;
}

async function remove(options: DeleteOptions, terminal: Terminal): Promise<void> {
  await withDeployment(options, async (deployment) => {
    const user = await findUser(deployment, options);
    const person = `user ${user.id} (${printable(user.email)})`;
    await confirm(terminal, `This deletes ${person} of ${deployment.title} for good.`, options.yes);
    await removeUser(deployment.users, user, (items) => {
      if (options.json) terminal.out(JSON.stringify({ deleted: user.id, items }));
      else terminal.out(`Deleted ${person}: ${items} item(s).`);
    });
  });
}

/** `usher user delete`: what to do when somebody asks to be forgotten. */
export function addUserDelete(user: Command, terminal: Terminal): void {
  forDeployment(
    forUser(user.command('delete').description('Delete one user with everything that is kept of it.')).option(
      '--yes',
      'do not ask',
    ),
  ).action((options: DeleteOptions) => remove(options, terminal));
}
