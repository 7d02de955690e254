import type { Command } from 'commander';
import { withOwnPages } from '../../functions/config/own-pages.ts';
import { setPasswordLink } from '../../functions/effects/messages.ts';
import { secureRandom } from '../../functions/random.ts';
import { giveSetPasswordKey } from '../../functions/users/give-key.ts';
import { WriteConflict } from '../../functions/users/user-table.ts';
import { forDeployment, withDeployment } from './support/deployment-options.ts';
import { findUser, forUser, type UserOptions } from './support/find-user.ts';
import { noteOperatorLine } from './support/operator-log.ts';
import { CommandError, type Terminal } from './support/terminal.ts';

function explained(error: unknown): unknown {
  if (!(error instanceof WriteConflict)) return error;
  return new CommandError('The user is gone or has got another address meanwhile: nothing was done.');
}

async function printLink(options: UserOptions, terminal: Terminal): Promise<void> {
  const { out, err, now } = terminal;
  await withDeployment(options, async (deployment) => {
    const user = await findUser(deployment, options);
    const { key, expires } = await giveSetPasswordKey(deployment.users, secureRandom, user).catch((error) => {
      throw explained(error);
    });
    await noteOperatorLine(
      deployment,
      {
        level: 'INFO',
        message: 'operator',
        timestamp: now().toISOString(),
        action: 'set-password-link',
        user_id: user.id,
        result: 'updated',
        request_id: secureRandom.uuid(),
      },
      terminal,
    );
    const link = setPasswordLink(withOwnPages(deployment.config, deployment.webhook), user.id, key);
    if (options.json) return out(JSON.stringify({ user_id: user.id, link, expires }));
    out(link);
    err(`It works once, until ${expires}. Links from before it do not work any more.`);
  });
}

/** `usher user set-password-link`: a link for somebody whom no mail reaches. */
export function addUserSetPasswordLink(user: Command, terminal: Terminal): void {
  forDeployment(
    forUser(
      user.command('set-password-link').description('Print a link with which one user can set a password.'),
    ),
  ).action((options: UserOptions) => printLink(options, terminal));
}
