import { type Command, InvalidArgumentError, Option } from 'commander';
import { interrupted } from './support/interrupted.ts';
import { defaultPort, portOption } from './support/port-option.ts';
import { since } from './support/since.ts';
import type { Terminal } from './support/terminal.ts';

interface Options {
  stage?: string;
  stackPort: number;
  port: number;
  write?: boolean;
  since: string;
  json?: boolean;
}

async function serve(options: Options, { out, err, now }: Terminal): Promise<void> {
  const { stage, stackPort, port, write = false, json } = options;
  // The page's builder takes a moment to load, which no other command should wait for.
  const { startConsole } = await import('../console/console-server.ts');
  const console = await startConsole({
    ...(stage === undefined ? {} : { stage }),
    port: stackPort,
    consolePort: port,
    write,
    since: since(options.since, now()) ?? now(),
  });
  try {
    out(json ? JSON.stringify({ ready: true, console: console.address }) : console.address);
    if (!json) err('Open this address, once. Ctrl-C ends the console.');
    await interrupted();
  } finally {
    await console.stop();
  }
}

function checkedSince(text: string): string {
  if (since(text, new Date(0)) !== undefined) return text;
  throw new InvalidArgumentError('Write it as 90s, 30m, 1h, 7d or 2026-01-31T12:00:00Z.');
}

/** `usher console`: a page on this machine that shows what happens. */
export function addConsoleCommand(program: Command, terminal: Terminal): void {
  program
    .command('console')
    .description('Show on a page of this machine what happens, and why; try again what failed.')
    .option('--stage <name>', 'a deployed stage; without it the local stack')
    .option('--write', 'over a stage: let the page change something')
    .addOption(portOption('port of the page').default(0, 'a free one'))
    .addOption(
      new Option('--stack-port <number>', 'port of the local stack')
        .default(defaultPort)
        .argParser((text) => Number(text)),
    )
    .addOption(new Option('--since <when>', 'how far back it reads').default('1h').argParser(checkedSince))
    .option('--json', 'print one line of JSON when ready')
    .action((options: Options) => serve(options, terminal));
}
