import type { Command } from 'commander';
import { loggedIds } from '../../functions/runtime/log.ts';
import { storedItems } from '../../functions/users/stored-items.ts';
import type { User } from '../../functions/users/user.ts';
import { forDeployment, withDeployment } from './support/deployment-options.ts';
import { findUser, forUser, type UserOptions } from './support/find-user.ts';
import { CommandError, printableJson, type Terminal } from './support/terminal.ts';

/** What the log calls the user and the contacts it has: the log holds ids only. */
function logIds({ id, contacts }: User): object {
  return {
    user: id,
    contacts: Object.entries(contacts).map(([connection, contactId]) => ({
      connection,
      contact: loggedIds(contactId),
    })),
  };
}

async function exportUser(options: UserOptions, { out, now }: Terminal): Promise<void> {
  await withDeployment(options, async (deployment) => {
    const user = await findUser(deployment, options);
    const items = await storedItems(deployment.users, user.id);
    if (!items) throw new CommandError('There is no such user any more.');
    const answer = { exported: now().toISOString(), from: deployment.title, items, log_ids: logIds(user) };
    out(printableJson(JSON.stringify(answer, undefined, options.json ? undefined : 2)));
  });
}

/** `usher user export`: what to answer when somebody asks what is kept of them. */
export function addUserExport(user: Command, terminal: Terminal): void {
  forDeployment(
    forUser(user.command('export').description('Print everything that is kept of one user, as JSON.')),
    'print it on one line',
  ).action((options: UserOptions) => exportUser(options, terminal));
}
