import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Random } from '../../../functions/random.ts';
import type { Clock } from '../../import/clock.ts';
import type { SelectionOptions } from '../../import/selection.ts';
import type { DeploymentOptions } from './deployment.ts';
import { forDeployment } from './deployment-options.ts';

/** What import and resync have in common. */
export interface BulkOptions extends DeploymentOptions, SelectionOptions {
  rate: number;
  limit?: number;
  dryRun?: boolean;
  yes?: boolean;
  json?: boolean;
  resume?: string;
}

/** Time, chance and the folder that states are kept in. */
export interface BulkPorts {
  clock: Clock;
  random: Random;
  cwd: string;
}

const mostPerSecond = 50;

function rate(text: string): number {
  const value = Number(text);
  if (/^\d{1,2}(\.\d+)?$/.test(text) && value > 0 && value <= mostPerSecond) return value;
  throw new InvalidArgumentError(`Write a number of contacts a second, above 0 and up to ${mostPerSecond}.`);
}

function positive(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Write a number from 1 on.');
}

/** Adds the options of import and resync. */
export const forBulk = (command: Command): Command =>
  forDeployment(
    command
      .addOption(new Option('--rate <number>', 'contacts a second').default(5).argParser(rate))
      .addOption(new Option('--limit <number>', 'at most so many').argParser(positive))
      .option('--dry-run', 'only count, and write nothing')
      .option('--resume <id>', 'go on where it was interrupted')
      .option('--yes', 'do not ask'),
    'print one value of JSON a line',
  );
