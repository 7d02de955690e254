import type { Command } from 'commander';
import type { Connection } from '../../../functions/config/config.ts';
import { givenIds, keepGiven, seenIds } from '../../import/kept-ids.ts';
import { Marks } from '../../import/marks.ts';
import { report } from '../../import/report.ts';
import { runImport } from '../../import/run.ts';
import { type Selection, selectionOf } from '../../import/selection.ts';
import { inSteps } from '../../import/source.ts';
import { newState, readState, type State } from '../../import/state.ts';
import type { Seen, Step } from '../../import/walk.ts';
import { expectNothingSettled, expectSameTarget, targetOf } from './begun-bulk.ts';
import { type BulkOptions, type BulkPorts, forBulk } from './bulk-options.ts';
import { confirm } from './confirm.ts';
import type { Deployment } from './deployment.ts';
import { withDeployment } from './deployment-options.ts';
import { interrupted } from './interrupted.ts';
import { connectionOf } from './stored-secret.ts';
import { CommandError, type Terminal, WrongUsage } from './terminal.ts';

/** What an import or a resync works with. */
export interface At<Options> extends BulkPorts {
  deployment: Deployment;
  connection: { name: string; settings: Connection };
  options: Options;
  terminal: Terminal;
}

/** What was counted. */
export interface Counted {
  total: number;
  /** What is asked before anything is done. */
  question: string;
  /** Why it cannot be done; counted it can. */
  problem?: string | undefined;
}

/** Where contacts come from, while it is open. */
export interface Source {
  /** Counts them, and shows it. */
  count(selection: Selection, ids: readonly string[] | undefined): Promise<Counted>;
  /** All of them but those who were seen. */
  steps(state: State, seen: Seen): AsyncIterable<Step>;
}

/** What import and resync differ in. */
export interface Bulk<Options extends BulkOptions> {
  kind: State['kind'];
  /** The selections that there are, as they are typed. */
  ways: string;
  /** @throws WrongUsage for what cannot be done, before any call. Answers the ids that were given. */
  expectPossible(at: At<Options>, selection: Selection): Promise<string[] | undefined>;
  open(at: At<Options>, work: (source: Source) => Promise<void>): Promise<void>;
  given(options: Options): Pick<State, 'role' | 'notify'>;
}

/** @throws WrongUsage naming the connections there are */
function wantedConnection(deployment: Deployment, name: string | undefined) {
  if (name === undefined) throw new WrongUsage('Say which connection.');
  return { name, settings: connectionOf(deployment, name) };
}

/** Runs it until it is done or somebody stops it, and says what became of it. */
async function run(
  state: State,
  source: Source,
  seen: Seen,
  { deployment, terminal, clock, random, cwd, options: { json } }: At<BulkOptions>,
): Promise<void> {
  let isStopped = false;
  void interrupted().then(() => {
    isStopped = true;
    terminal.err(
      'It stops after the contact at hand. Once more ends it at once; what was sent is known then, too.',
    );
  });
  if (!json) terminal.err(`${state.kind} ${state.id}`);
  const { command } = deployment;
  const steps = state.by === 'ids' ? inSteps(givenIds(cwd, state), seen) : source.steps(state, seen);
  try {
    const ports = { deployment, terminal, clock, random, cwd, seen, isStopped: () => isStopped };
    const ended = await runImport(state, steps, ports);
    await report(state, ended, { json, command, cwd }, terminal);
  } catch (error) {
    terminal.err(`It was interrupted. To go on: ${command(`${state.kind} --resume ${state.id}`)}`);
    throw error;
  }
}

async function start<Options extends BulkOptions>(
  bulk: Bulk<Options>,
  name: string | undefined,
  options: Options,
  ports: BulkPorts & { terminal: Terminal },
): Promise<void> {
  const selection = selectionOf(options, bulk.ways);
  await withDeployment(options, async (deployment) => {
    const connection = wantedConnection(deployment, name);
    const at = { ...ports, deployment, connection, options };
    const ids = await bulk.expectPossible(at, selection);
    await bulk.open(at, async (source) => {
      const { total, question, problem } = await source.count(selection, ids);
      if (total === 0)
        ports.terminal.err('Nobody was found, so there is nothing to do. Check how it is spelled.');
      if (options.dryRun || total === 0) return;
      if (problem !== undefined) throw new CommandError(problem);
      await confirm(ports.terminal, question, options.yes);
      const { rate, limit } = options;
      const state = newState({
        id: ports.random.uuid(),
        kind: bulk.kind,
        target: targetOf(options),
        connection: connection.name,
        ...selection,
        ...bulk.given(options),
        rate,
        ...(limit === undefined ? {} : { limit }),
        total,
        startedAt: ports.clock.now().toISOString(),
      });
      if (ids) await keepGiven(ports.cwd, state, ids);
      await run(state, source, new Marks(), at);
    });
  });
}

/** @throws WrongUsage when there is none, or one of another version, connection or stage */
async function resume<Options extends BulkOptions>(
  bulk: Bulk<Options>,
  name: string | undefined,
  options: Options & { resume: string },
  ports: BulkPorts & { terminal: Terminal },
): Promise<void> {
  const state = await readState(ports.cwd, bulk.kind, options.resume);
  if (name !== undefined && name !== state.connection)
    throw new WrongUsage(`This ${bulk.kind} is one of the connection "${state.connection}".`);
  expectSameTarget(state, options);
  await withDeployment(options, async (deployment) => {
    const at = {
      ...ports,
      deployment,
      connection: wantedConnection(deployment, state.connection),
      options,
    };
    await bulk.open(at, async (source) => run(state, source, await seenIds(ports.cwd, state), at));
  });
}

/** Adds what import and resync have in common to their command. */
export function addBulk<Options extends BulkOptions>(
  command: Command,
  bulk: Bulk<Options>,
  terminal: Terminal,
  given: BulkPorts,
): void {
  const ports = { ...given, terminal };
  forBulk(command).action((name: string | undefined, options: Options) => {
    const { resume: id } = options;
    if (id === undefined) return start(bulk, name, options, ports);
    expectNothingSettled(command);
    return resume(bulk, name, { ...options, resume: id }, ports);
  });
}
