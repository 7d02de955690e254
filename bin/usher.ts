#!/usr/bin/env node
import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { ConfigError } from '../functions/config/define-config.ts';
import { secureRandom } from '../functions/random.ts';
import { addConnectCommand } from '../lib/commands/connect.ts';
import { addConsoleCommand } from '../lib/commands/console.ts';
import { addDevCommand } from '../lib/commands/dev.ts';
import { addDlqCommand } from '../lib/commands/dlq.ts';
import { addDoctorCommand } from '../lib/commands/doctor.ts';
import { addImportCommand } from '../lib/commands/import.ts';
import { addKeysCommand } from '../lib/commands/keys.ts';
import { addLogsCommand } from '../lib/commands/logs.ts';
import { addResumeCommand } from '../lib/commands/resume.ts';
import { addResyncCommand } from '../lib/commands/resync.ts';
import { addSendCommand } from '../lib/commands/send.ts';
import { addSiteKeyCommand } from '../lib/commands/site-key.ts';
import { processTerminal } from '../lib/commands/support/process-terminal.ts';
import { CommandError, exitCodes, WrongUsage } from '../lib/commands/support/terminal.ts';
import { addUrlsCommand } from '../lib/commands/urls.ts';
import { addUserCommand } from '../lib/commands/user.ts';
import { addVerifyCommand } from '../lib/commands/verify.ts';
import { LocalStackError } from '../lib/dev/local-stack-error.ts';

const terminal = processTerminal(process);
// `usher logs | head` has read enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(exitCodes.ok);
});

const bulk = { clock: { now: terminal.now, sleep: (ms: number) => sleep(ms) }, cwd: process.cwd() };

const program = new Command('usher')
  .description('A webhook from your marketing automation becomes a user with tags.')
  // `import list --json` is about the list.
  .enablePositionalOptions()
  .showHelpAfterError('(add --help to see the options)')
  .configureHelp({ helpWidth: 80 })
  .exitOverride((error) => process.exit(error.exitCode === 0 ? exitCodes.ok : exitCodes.usage));
addDevCommand(program, terminal);
addConnectCommand(program, terminal);
addUrlsCommand(program, terminal);
addDoctorCommand(program, terminal);
addResumeCommand(program, terminal);
addKeysCommand(program, terminal, secureRandom);
addSiteKeyCommand(program, terminal, secureRandom);
addSendCommand(program, terminal);
addUserCommand(program, terminal);
addImportCommand(program, terminal, bulk);
addResyncCommand(program, terminal, bulk);
addDlqCommand(program, terminal);
addVerifyCommand(program, terminal, secureRandom);
addLogsCommand(program, terminal);
addConsoleCommand(program, terminal);

try {
  await program.parseAsync();
} catch (error) {
  const isExpected = [CommandError, LocalStackError, ConfigError].some((kind) => error instanceof kind);
  if (error instanceof Error) terminal.err(isExpected ? error.message : (error.stack ?? error.message));
  process.exitCode = error instanceof WrongUsage ? exitCodes.usage : exitCodes.failed;
}
