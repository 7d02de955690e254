import { type Command, Option } from 'commander';
import { connectorOf } from '../../functions/crm/registry.ts';
import { refusalOf } from '../../functions/users/roles.ts';
import { Marks } from '../import/marks.ts';
import { listReader, orAnew } from '../import/read-list.ts';
import { expectListed, readIds, type Selection } from '../import/selection.ts';
import { inSteps } from '../import/source.ts';
import type { State } from '../import/state.ts';
import { type Seen, type Step, walk } from '../import/walk.ts';
import { addImportList } from './import-list.ts';
import { addImportUndo } from './import-undo.ts';
import type { BulkPorts } from './support/bulk-options.ts';
import { type At, addBulk, type Bulk } from './support/bulk-run.ts';
import { countImport, type ImportOptions, lookedUp } from './support/count-import.ts';
import { withCrm } from './support/listed-crm.ts';
import { type Terminal, WrongUsage } from './support/terminal.ts';

async function expectPossible(
  { deployment, connection, options, terminal }: At<ImportOptions>,
  { by, of }: Selection,
): Promise<string[] | undefined> {
  if (options.role !== undefined && refusalOf(deployment.config.roles, options.role))
    throw new WrongUsage('There is no such role, or it is one that only an operator gives.');
  const { crm, settings } = connection.settings;
  const connector = connectorOf(crm);
  if (by === 'ids') return readIds(of, connector, terminal);
  if (by !== 'user') expectListed(by, connector.api(settings).lists ?? {}, connector.title);
  return undefined;
}

const bulk: Bulk<ImportOptions> = {
  kind: 'import',
  ways: '--tag <tag>, --segment <id>, --all or --ids <file>',
  expectPossible,
  open(at, work) {
    const { deployment, connection, clock } = at;
    return withCrm(deployment, connection.name, (crm) => {
      /** The CRM's list, from the place on that was read last. */
      const steps = (
        { by, of, place }: Selection & Pick<State, 'place'>,
        seen: Seen,
      ): AsyncIterable<Step> => {
        if (by === 'ids' || by === 'user') throw new Error('The CRM has no such list.');
        return walk(orAnew(listReader(crm.client, by, of, clock)), place, seen);
      };
      return work({
        count(selection, ids) {
          const listed = ids
            ? lookedUp(inSteps(ids.slice(0, at.options.limit), new Marks()), at, crm)
            : steps(selection, new Marks());
          return countImport(listed, at, crm);
        },
        steps,
      });
    });
  },
  given: ({ role, notify = false }) => (role === undefined ? { notify } : { role, notify }),
};

/** `usher import`: makes users of the contacts that a CRM has already. */
export function addImportCommand(program: Command, terminal: Terminal, ports: BulkPorts): void {
  const command = program
    .command('import')
    .description('Make users of contacts that the CRM has already: try it with --limit 1 first.')
    .argument('[connection]', 'as it is called in usher.config.ts')
    .addOption(new Option('--tag <tag>', 'who has this tag'))
    .addOption(new Option('--segment <id>', 'who is in this segment'))
    .option('--all', 'everybody')
    .option('--ids <file>', "the contacts of a file with the CRM's ids, one a line; - is stdin")
    .option('--role <role>', 'the role that they get')
    .option('--notify', 'send the welcome mail to those who are new');
  addBulk(command, bulk, terminal, ports);
  addImportList(command, terminal, ports);
  addImportUndo(command, terminal, ports);
}
