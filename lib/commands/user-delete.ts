import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { secureRandom } from '../../functions/random.ts';
import { findByEmail } from '../../functions/users/find.ts';
import type { User } from '../../functions/users/user.ts';
import { type UserTable, WriteConflict } from '../../functions/users/user-table.ts';
import { confirm } from './support/confirm.ts';
import { forDeployment, withDeployment } from './support/deployment-options.ts';
import { eraseUser } from './support/erase-user.ts';
import { findUser, forUser, type UserOptions } from './support/find-user.ts';
import { CommandError, printable, type Terminal } from './support/terminal.ts';

interface DeleteOptions extends UserOptions {
  yes?: boolean;
}

async function erase(users: UserTable, { id }: User): Promise<number> {
  try {
    return await eraseUser(users, id, { random: secureRandom, sleep });
  } catch (error) {
    if (!(error instanceof WriteConflict)) throw error;
    throw new CommandError(
      'Webhooks change this user all the time: it is not deleted yet. Run the command again.',
      { cause: error },
    );
  }
}

async function remove(options: DeleteOptions, terminal: Terminal): Promise<void> {
  await withDeployment(options, async (deployment) => {
    const user = await findUser(deployment, options);
    const person = `user ${user.id} (${printable(user.email)})`;
    await confirm(terminal, `This deletes ${person} of ${deployment.title} for good.`, options.yes);
    const items = await erase(deployment.users, user);
    if (options.json) terminal.out(JSON.stringify({ deleted: user.id, items }));
    else terminal.out(`Deleted ${person}: ${items} item(s).`);
    const successor = await findByEmail(deployment.users, user.email);
    if (!successor) return;
    throw new CommandError(
      `A webhook has made the contact a user again meanwhile: ${successor.id}. Delete the contact in the CRM first.`,
    );
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
