import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { effectsIn } from '../../../functions/actions/plan-move.ts';
import { secureRandom } from '../../../functions/random.ts';
import { loggedId } from '../../../functions/runtime/log.ts';
import { findById } from '../../../functions/users/find.ts';
import { retryOnConflict } from '../../../functions/users/retry-on-conflict.ts';
import { updateUser } from '../../../functions/users/update.ts';
import type { User } from '../../../functions/users/user.ts';
import type { UserChange } from '../../../functions/users/user-change.ts';
import { WriteConflict } from '../../../functions/users/user-table.ts';
import { confirm } from './confirm.ts';
import type { Deployment } from './deployment.ts';
import { forDeployment, withDeployment } from './deployment-options.ts';
import { findUser, type UserOptions } from './find-user.ts';
import { noteOperatorLine, type OperatorLine } from './operator-log.ts';
import { sendEffects } from './send-effects.ts';
import { CommandError, printable, type Terminal } from './terminal.ts';

export interface ChangeOptions extends UserOptions {
  yes?: boolean;
}

/** What an operator wants of a user as it is now. */
export interface Wanted {
  change: UserChange;
  /** What is about to happen, in a sentence without its user. */
  question: string;
  /** What the operator should know or do besides. */
  hints?: readonly string[];
  /** For the log. */
  connection?: string;
  contactId?: string;
  role?: string;
}

/**
 * Looks at a user and says what to change. It is asked again when somebody else has written the user meanwhile.
 *
 * @throws CommandError when it cannot be done
 */
export type Plan = (user: User, deployment: Deployment, now: string) => Wanted | Promise<Wanted>;

/** Adds the options that every command that changes a user has. */
export const forChange = (command: Command): Command => forDeployment(command.option('--yes', 'do not ask'));

const isNothing = ({ change }: Wanted) => Object.keys(change).length === 0;

/** Writes as a webhook does: to the user as it was read, with its claims and links, or not at all. */
async function write(deployment: Deployment, asked: User, plan: Plan) {
  const { users } = deployment;
  try {
    return await retryOnConflict(
      async () => {
        const user = await findById(users, asked.id);
        if (!user) throw new CommandError('There is no such user any more.');
        if (user.email !== asked.email)
          throw new CommandError('The user has got another address meanwhile: nothing was done.');
        const wanted = await plan(user, deployment, users.now().toISOString());
        const after = isNothing(wanted) ? user : await updateUser(users, user, wanted.change);
        return { wanted, after };
      },
      { random: secureRandom, sleep },
    );
  } catch (cause) {
    if (!(cause instanceof WriteConflict)) throw cause;
    throw new CommandError(
      'The user is being changed, or a mail to it sent, all the time: nothing was done. Run the command again.',
      { cause },
    );
  }
}

function lineOf(
  action: string,
  { wanted, after }: Awaited<ReturnType<typeof write>>,
  requestId: string,
  now: Date,
) {
  const { connection, contactId, role } = wanted;
  const contact = loggedId(contactId, true);
  const line: OperatorLine = {
    level: 'INFO',
    message: 'operator',
    timestamp: now.toISOString(),
    action,
    user_id: after.id,
    result: isNothing(wanted) ? 'unchanged' : 'updated',
    ...(connection === undefined ? {} : { connection }),
    ...(contact === undefined ? {} : { contact_id: contact }),
    ...(role === undefined ? {} : { role }),
    request_id: requestId,
  };
  return line;
}

/** Asks, changes a user, sends the job for what it leads to, and says so on the terminal and in the log. */
export async function changeUser(
  action: string,
  options: ChangeOptions,
  terminal: Terminal,
  plan: Plan,
): Promise<void> {
  const { out, err, now } = terminal;
  await withDeployment(options, async (deployment) => {
    const user = await findUser(deployment, options);
    const { question } = await plan(user, deployment, now().toISOString());
    const person = `user ${user.id} (${printable(user.email)})`;
    await confirm(terminal, `${question} This is ${person} of ${deployment.title}.`, options.yes);
    const written = await write(deployment, user, plan);
    const requestId = secureRandom.uuid();
    const line = lineOf(action, written, requestId, now());
    await noteOperatorLine(deployment, line, terminal);
    if (effectsIn(written.wanted.change).length > 0)
      await sendEffects(deployment, written.after, { id: secureRandom.uuid(), requestId, now: now() });
    for (const hint of written.wanted.hints ?? []) err(hint);
    out(options.json ? JSON.stringify(line) : `${line.result}: ${person}`);
  });
}
