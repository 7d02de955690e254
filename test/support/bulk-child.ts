import { setTimeout as delay } from 'node:timers/promises';
import { Command } from 'commander';
import { secureRandom } from '../../functions/random.ts';
import { addImportCommand } from '../../lib/commands/import.ts';
import { addResyncCommand } from '../../lib/commands/resync.ts';
import { processTerminal } from '../../lib/commands/support/process-terminal.ts';
import { CommandError, exitCodes, WrongUsage } from '../../lib/commands/support/terminal.ts';

/**
 * `usher import` and `usher resync` as a process whose clock runs ten times faster. The stack's runs as ever, so
 * that the ten minutes of silence must stay long enough for a job on a busy machine.
 */
const timesFaster = 10;
let aheadMs = 0;
const now = () => new Date(Date.now() + aheadMs);
const sleep = async (ms: number) => {
  await delay(ms / timesFaster);
  aheadMs += ms - ms / timesFaster;
};

const terminal = { ...processTerminal(process), now };
const program = new Command('usher')
  .enablePositionalOptions()
  .exitOverride((error) => process.exit(error.exitCode === 0 ? exitCodes.ok : exitCodes.usage));
const ports = { clock: { now, sleep }, random: secureRandom, cwd: process.cwd() };
addImportCommand(program, terminal, ports);
addResyncCommand(program, terminal, ports);
try {
  await program.parseAsync();
} catch (error) {
  terminal.err(error instanceof CommandError ? error.message : String((error as Error).stack));
  process.exitCode = error instanceof WrongUsage ? exitCodes.usage : exitCodes.failed;
}
