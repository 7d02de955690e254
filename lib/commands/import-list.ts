import type { Command } from 'commander';
import { allStates, type State } from '../import/state.ts';
import type { BulkPorts } from './support/bulk-options.ts';
import { printable, printableJson, type Terminal } from './support/terminal.ts';

/** A state without its ids. */
type Head = Awaited<ReturnType<typeof allStates>>[number];

function summary({ id, target, connection, by, of, startedAt, sent, sending, isRead, results }: Head) {
  const started = {
    id,
    target,
    connection,
    by,
    ...(of === '' || by === 'ids' ? {} : { of }),
    started: startedAt,
  };
  return { ...started, sent: sent + sending.length, whole: isRead, results };
}

async function list(
  kind: State['kind'],
  { json }: { json?: boolean },
  { out, err }: Terminal,
  { cwd }: BulkPorts,
): Promise<void> {
  const states = await allStates(cwd, kind);
  for (const state of states) {
    const { id, connection, by, started, sent, whole, of = '', target } = summary(state);
    if (json) out(printableJson(JSON.stringify(summary(state))));
    else
      out(
        printable(
          `${id}  ${started.slice(0, 16)}  ${target}  ${connection} ${`${by} ${of}`.trim()}  ${sent} sent${whole ? '' : ', not whole'}`,
        ),
      );
  }
  if (states.length === 0 && !json) err('There are none in this folder.');
}

/** `usher import list`: the imports of this folder, whole ones and interrupted ones. */
export function addImportList(command: Command, terminal: Terminal, ports: BulkPorts): void {
  command
    .command('list')
    .description('List the imports that were begun in this folder.')
    .option('--json', 'print one line of JSON per import')
    .action((options: { json?: boolean }) => list('import', options, terminal, ports));
}
