import { type Command, Option } from 'commander';
import type { Selection } from '../import/selection.ts';
import { contactsOf, inSteps } from '../import/source.ts';
import type { BulkOptions, BulkPorts } from './support/bulk-options.ts';
import { type At, addBulk, type Bulk, type Counted } from './support/bulk-run.ts';
import type { Terminal } from './support/terminal.ts';

/** Counts the users who have a contact there. */
async function count(
  { deployment, connection: { name }, options, terminal }: At<BulkOptions>,
  selection: Selection,
): Promise<Counted> {
  let total = 0;
  for await (const _id of contactsOf(deployment.users, { ...selection, connection: name })) {
    total += 1;
    if (total === options.limit) break;
  }
  const { json, rate } = options;
  const minutes = Math.ceil(total / rate / 60);
  if (json) terminal.out(JSON.stringify({ found: total, minutes }));
  else terminal.err(`${total} user(s) with a contact of ${name}, ${minutes} minute(s) at ${rate} a second.`);
  const question = `This pulls ${total} contact(s) of ${name} again, and writes their users in ${deployment.title}.`;
  return { total, question };
}

const bulk: Bulk<BulkOptions> = {
  kind: 'resync',
  ways: '--tag <tag>, --all or --user <id>',
  expectPossible: () => Promise.resolve(undefined),
  open: (at, work) =>
    work({
      count: (selection) => count(at, selection),
      steps: (state, seen) => inSteps(contactsOf(at.deployment.users, state), seen),
    }),
  given: () => ({ notify: false }),
};

/** `usher resync`: pulls the contacts of users again, after an outage or with another field map. */
export function addResyncCommand(program: Command, terminal: Terminal, ports: BulkPorts): void {
  const command = program
    .command('resync')
    .description('Pull the contacts of users again. Creates nobody, and asks for no mail.')
    .argument('[connection]', 'as it is called in usher.config.ts')
    .addOption(new Option('--tag <tag>', 'users with this tag'))
    .option('--all', 'every user with a contact there (reads the whole table)')
    .option('--user <id>', 'one user');
  addBulk(command, bulk, terminal, ports);
}
