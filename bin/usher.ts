#!/usr/bin/env -S node --optimize-for-size
import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { ConfigError } from '../functions/config/define-config.ts';
import { secureRandom } from '../functions/random.ts';
import { processTerminal } from '../lib/commands/support/process-terminal.ts';
import { CommandError, exitCodes, WrongUsage } from '../lib/commands/support/terminal.ts';
import { LocalStackError } from '../lib/dev/local-stack-error.ts';

const terminal = processTerminal(process);
// `usher logs | head` has read enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(exitCodes.ok);
});

const clock = { now: terminal.now, sleep: (ms: number) => sleep(ms) };
const bulk = { clock, random: secureRandom, cwd: process.cwd() };

const program = new Command('usher')
  .description('A webhook from your marketing automation becomes a user with tags.')
  // `import list --json` is about the list.
  .enablePositionalOptions()
  .showHelpAfterError('(add --help to see the options)')
  .configureHelp({ helpWidth: 80 })
  .exitOverride((error) => process.exit(error.exitCode === 0 ? exitCodes.ok : exitCodes.usage));

/** Only the command that is asked for is loaded, as all together take twice the time and memory; for help, or a name that is none, all are. */
const commands: Readonly<Record<string, () => Promise<void>>> = {
  dev: async () => (await import('../lib/commands/dev.ts')).addDevCommand(program, terminal),
  connect: async () => (await import('../lib/commands/connect.ts')).addConnectCommand(program, terminal),
  urls: async () => (await import('../lib/commands/urls.ts')).addUrlsCommand(program, terminal),
  doctor: async () => (await import('../lib/commands/doctor.ts')).addDoctorCommand(program, terminal),
  resume: async () => (await import('../lib/commands/resume.ts')).addResumeCommand(program, terminal),
  keys: async () => (await import('../lib/commands/keys.ts')).addKeysCommand(program, terminal, secureRandom),
  'site-key': async () =>
    (await import('../lib/commands/site-key.ts')).addSiteKeyCommand(program, terminal, secureRandom),
  send: async () => (await import('../lib/commands/send.ts')).addSendCommand(program, terminal),
  user: async () => (await import('../lib/commands/user.ts')).addUserCommand(program, terminal),
  import: async () => (await import('../lib/commands/import.ts')).addImportCommand(program, terminal, bulk),
  resync: async () => (await import('../lib/commands/resync.ts')).addResyncCommand(program, terminal, bulk),
  dlq: async () => (await import('../lib/commands/dlq.ts')).addDlqCommand(program, terminal),
  verify: async () =>
    (await import('../lib/commands/verify.ts')).addVerifyCommand(program, terminal, secureRandom),
  logs: async () => (await import('../lib/commands/logs.ts')).addLogsCommand(program, terminal),
  console: async () => (await import('../lib/commands/console.ts')).addConsoleCommand(program, terminal),
};
const [asked = ''] = process.argv.slice(2);
const wanted = Object.hasOwn(commands, asked) ? [commands[asked]] : Object.values(commands);
for (const add of wanted) await add?.();

try {
  await program.parseAsync();
} catch (error) {
  const isExpected = [CommandError, LocalStackError, ConfigError].some((kind) => error instanceof kind);
  if (error instanceof Error) terminal.err(isExpected ? error.message : (error.stack ?? error.message));
  process.exitCode = error instanceof WrongUsage ? exitCodes.usage : exitCodes.failed;
}
