import type { Command } from 'commander';
import { forDeployment, withDeployment } from './support/deployment-options.ts';
import { findUser, forUser, type UserOptions } from './support/find-user.ts';
import { keptOfUser } from './support/kept-of-user.ts';
import { printableJson, type Terminal } from './support/terminal.ts';

async function exportUser(options: UserOptions, { out, now }: Terminal): Promise<void> {
  await withDeployment(options, async (deployment) => {
    const user = await findUser(deployment, options);
    const answer = await keptOfUser(deployment, user, now());
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
