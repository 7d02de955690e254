import { type Command, Option } from 'commander';
import { selectionOf } from '../import/selection.ts';
import { contactsOf, inSteps } from '../import/source.ts';
import type { State } from '../import/state.ts';
import type { Step } from '../import/walk.ts';
import { type BulkOptions, type BulkPorts, forBulk } from './support/bulk-options.ts';
import { beginning, interruptedState, runBulk, wantedConnection } from './support/bulk-run.ts';
import { confirm } from './support/confirm.ts';
import type { Deployment } from './support/deployment.ts';
import { withDeployment } from './support/deployment-options.ts';
import { type Terminal, WrongUsage } from './support/terminal.ts';

interface Options extends BulkOptions {
  user?: string;
}

const stepsOf = ({ users }: Deployment, state: State): AsyncGenerator<Step> =>
  inSteps(contactsOf(users, state), new Set(state.sent));

/** How many users have a contact there. */
async function countUsers(
  { users }: Deployment,
  wanted: Pick<State, 'by' | 'of' | 'connection'>,
  limit = Number.POSITIVE_INFINITY,
): Promise<number> {
  let count = 0;
  for await (const _id of contactsOf(users, wanted)) {
    count += 1;
    if (count >= limit) break;
  }
  return count;
}

async function start(
  asked: string | undefined,
  options: Options,
  terminal: Terminal,
  ports: BulkPorts,
): Promise<void> {
  const selection = selectionOf(options, '--tag <tag>, --all or --user <id>');
  await withDeployment(options, async (deployment) => {
    const { name: connection } = wantedConnection(deployment, asked);
    const total = await countUsers(deployment, { ...selection, connection }, options.limit);
    const minutes = Math.ceil(total / options.rate / 60);
    if (options.json) terminal.out(JSON.stringify({ found: total, minutes }));
    else
      terminal.err(
        `${total} user(s) with a contact of ${connection}, ${minutes} minute(s) at ${options.rate} a second.`,
      );
    if (options.dryRun) return;
    const question = `This pulls ${total} contact(s) of ${connection} again, and writes their users in ${deployment.title}.`;
    await confirm(terminal, question, options.yes);
    const given = { kind: 'resync', connection, ...selection, notify: false } as const;
    const state = beginning(given, options, ports.clock.now());
    const steps = stepsOf(deployment, state);
    await runBulk({ deployment, state, steps, total, json: options.json }, terminal, ports);
  });
}

async function resume(
  asked: string | undefined,
  options: Options & { resume: string },
  terminal: Terminal,
  ports: BulkPorts,
): Promise<void> {
  if (options.tag ?? options.all ?? options.user)
    throw new WrongUsage('--resume goes on with whom it was begun: leave the other selection out.');
  const state = await interruptedState('resync', asked, options, ports.cwd);
  await withDeployment(options, async (deployment) => {
    wantedConnection(deployment, state.connection);
    const steps = stepsOf(deployment, state);
    await runBulk({ deployment, state, steps, total: undefined, json: options.json }, terminal, ports);
  });
}

/** `usher resync`: pulls the contacts of users again, after an outage or with another field map. */
export function addResyncCommand(program: Command, terminal: Terminal, ports: BulkPorts): void {
  const command = program
    .command('resync')
    .description('Pull the contacts of users again. Creates nobody, and asks for no mail.')
    .argument('[connection]', 'as it is called in usher.config.ts')
    .addOption(new Option('--tag <tag>', 'users with this tag'))
    .option('--all', 'every user with a contact there (reads the whole table)')
    .option('--user <id>', 'one user');
  forBulk(command).action((connection: string | undefined, options: Options) => {
    const { resume: id } = options;
    if (id === undefined) return start(connection, options, terminal, ports);
    return resume(connection, { ...options, resume: id }, terminal, ports);
  });
}
