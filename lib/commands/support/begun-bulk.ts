import type { Command } from 'commander';
import type { State } from '../../import/state.ts';
import type { DeploymentOptions } from './deployment.ts';
import { WrongUsage } from './terminal.ts';

/** The Usher that a command talks to, as a state names it. */
export const targetOf = ({ stage, port }: DeploymentOptions): string =>
  stage === undefined ? `port ${port}` : `stage ${stage}`;

/** @throws WrongUsage when it was begun with another Usher than the options name */
export function expectSameTarget({ kind, target }: State, options: DeploymentOptions): void {
  if (target !== targetOf(options))
    throw new WrongUsage(`This ${kind} is one of ${target}: say so with --stage or --port.`);
}

/** What was settled when it was begun: whom, and how. */
const settled = ['tag', 'segment', 'all', 'ids', 'user', 'dryRun', 'limit', 'rate', 'role', 'notify'];

/** @throws WrongUsage when something was typed that an import or a resync has settled when it was begun */
export function expectNothingSettled(command: Command): void {
  const typed = command.options.filter((option) => {
    const name = option.attributeName();
    return settled.includes(name) && command.getOptionValueSource(name) === 'cli';
  });
  if (typed.length === 0) return;
  const flags = typed.map(({ long }) => long).join(' and ');
  throw new WrongUsage(
    `--resume goes on as it was begun: leave ${flags} out, or begin anew without --resume.`,
  );
}
