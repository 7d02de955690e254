import type { CrmClient } from '../../../functions/crm/crm-client.ts';
import { UsherError } from '../../../functions/errors.ts';
import { report } from '../../import/report.ts';
import { runImport } from '../../import/run.ts';
import { newState, readState, type State } from '../../import/state.ts';
import { EndlessList, type Step } from '../../import/walk.ts';
import type { BulkOptions, BulkPorts } from './bulk-options.ts';
import { openCrm } from './crm-account.ts';
import type { Deployment, DeploymentOptions } from './deployment.ts';
import { interrupted } from './interrupted.ts';
import { connectionOf, readSecret } from './stored-secret.ts';
import { CommandError, type Terminal, WrongUsage } from './terminal.ts';

/** A CRM that is asked for its lists, and how often it was. */
export interface ListedCrm {
  client: CrmClient;
  calls: () => number;
}

/** @throws WrongUsage naming the connections there are */
export function wantedConnection(deployment: Deployment, name: string | undefined) {
  if (name === undefined) throw new WrongUsage('Say which connection.');
  try {
    return { name, settings: connectionOf(deployment, name) };
  } catch (error) {
    throw error instanceof CommandError ? new WrongUsage(error.message, { cause: error }) : error;
  }
}

/**
 * Works with a connection's CRM.
 *
 * @throws CommandError saying in the CRM's name what is wrong
 */
export async function withCrm<Result>(
  deployment: Deployment,
  name: string,
  work: (crm: ListedCrm) => Promise<Result>,
): Promise<Result> {
  const { credentials } = await readSecret(deployment, name);
  let calls = 0;
  const opened = openCrm(deployment, name, {
    credentials,
    signal: new AbortController().signal,
    onCall: () => {
      calls += 1;
    },
  });
  try {
    return await work({ client: opened.client, calls: () => calls });
  } catch (error) {
    if (error instanceof EndlessList) throw new CommandError(error.message, { cause: error });
    if (!(error instanceof UsherError)) throw error;
    throw new CommandError(opened.explained(error), { cause: error });
  } finally {
    opened.close();
  }
}

const targetOf = ({ stage, port }: DeploymentOptions) =>
  stage === undefined ? `port ${port}` : `stage ${stage}`;

/** The state of one that begins. */
export const beginning = (
  given: Pick<State, 'kind' | 'connection' | 'by' | 'of' | 'ids' | 'role' | 'notify'>,
  options: BulkOptions,
  now: Date,
): State =>
  newState({
    ...given,
    id: randomUUID(),
    target: targetOf(options),
    rate: options.rate,
    ...(options.limit === undefined ? {} : { limit: options.limit }),
    startedAt: now.toISOString(),
  });

/** @throws WrongUsage when there is none, or one of another version, connection or stage */
export async function interruptedState(
  kind: State['kind'],
  name: string | undefined,
  options: BulkOptions & { resume: string },
  cwd: string,
): Promise<State> {
  const state = await readState(cwd, kind, options.resume);
  if (name !== undefined && name !== state.connection)
    throw new WrongUsage(`This ${kind} is one of the connection "${state.connection}".`);
  if (state.target !== targetOf(options))
    throw new WrongUsage(`This ${kind} is one of ${state.target}: say so with --stage or --port.`);
  return state;
}

interface Running {
  deployment: Deployment;
  state: State;
  steps: AsyncIterable<Step>;
  total: number | undefined;
  json: boolean | undefined;
}

/** Runs it until it is done or somebody stops it, and says what became of it. */
export async function runBulk(
  { deployment, state, steps, total, json }: Running,
  terminal: Terminal,
  { clock, cwd }: BulkPorts,
): Promise<void> {
  let isStopped = false;
  void interrupted().then(() => {
    isStopped = true;
    terminal.err('It stops after the page at hand.');
  });
  if (!json) terminal.err(`${state.kind} ${state.id}`);
  try {
    const ports = { deployment, terminal, clock, cwd, total, isStopped: () => isStopped };
    const ended = await runImport(state, steps, ports);
    report(state, ended, { json, command: deployment.command }, terminal);
  } catch (error) {
    terminal.err(`It was interrupted. To go on: ${deployment.command(`${state.kind} --resume ${state.id}`)}`);
    throw error;
  }
}
