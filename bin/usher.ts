#!/usr/bin/env node
import { Command } from 'commander';
import { ConfigError } from '../functions/config/define-config.ts';
import { addDevCommand } from '../lib/commands/dev.ts';
import { addSendCommand } from '../lib/commands/send.ts';
import { CommandError, exitCodes, type Terminal } from '../lib/commands/terminal.ts';
import { addUserCommand } from '../lib/commands/user.ts';
import { LocalStackError } from '../lib/dev/local-stack-error.ts';

const terminal: Terminal = {
  out: (line) => process.stdout.write(`${line}\n`),
  err: (line) => process.stderr.write(`${line}\n`),
};

const program = new Command('usher')
  .description('A webhook from your marketing automation becomes a user with tags.')
  .showHelpAfterError('(add --help to see the options)')
  .configureHelp({ helpWidth: 80 })
  .exitOverride((error) => process.exit(error.exitCode === 0 ? exitCodes.ok : exitCodes.usage));
addDevCommand(program, terminal);
addSendCommand(program, terminal);
addUserCommand(program, terminal);

try {
  await program.parseAsync();
} catch (error) {
  const isExpected = [CommandError, LocalStackError, ConfigError].some((kind) => error instanceof kind);
  if (error instanceof Error) terminal.err(isExpected ? error.message : (error.stack ?? error.message));
  process.exitCode = exitCodes.failed;
}
