import { type Command, InvalidArgumentError, Option } from 'commander';
import { shortLine } from '../dev/short-line.ts';
import type { Deployment, DeploymentOptions } from './support/deployment.ts';
import { forDeployment, withDeployment } from './support/deployment-options.ts';
import { spelledContact } from './support/find-user.ts';
import { interrupted } from './support/interrupted.ts';
import { type FilterOptions, type LogFilter, logFilter } from './support/log-filter.ts';
import { type DatedLine, logLines } from './support/log-source.ts';
import { since } from './support/since.ts';
import { printable, printableJson, type Terminal } from './support/terminal.ts';

interface Options extends DeploymentOptions, FilterOptions {
  follow?: boolean;
  since: string;
  json?: boolean;
}

function filterOf(deployment: Deployment, options: Options): LogFilter {
  const { contact, connection } = options;
  if (contact === undefined) return logFilter(options, []);
  const connections = connection === undefined ? Object.keys(deployment.config.connections) : [connection];
  // A webhook that fails early is logged with the id as it was sent.
  const spellings = connections.map((name) => spelledContact(deployment, name, contact));
  return logFilter(options, [contact, ...spellings]);
}

const pad = (part: number) => String(part).padStart(2, '0');

/** Date and time of day as the person at the terminal has them. */
function localTime(time: Date): string {
  const date = [time.getFullYear(), time.getMonth() + 1, time.getDate()].map(pad).join('-');
  return `${date} ${[time.getHours(), time.getMinutes(), time.getSeconds()].map(pad).join(':')}`;
}

function readable({ time, line }: DatedLine): string {
  const { request_id: request } = line;
  const suffix = typeof request === 'string' ? `  request ${request}` : '';
  return printable(`${localTime(time)}  ${shortLine(line)}${suffix}`);
}

async function logs(options: Options, { out, err, now }: Terminal): Promise<void> {
  const ending = new AbortController();
  if (options.follow) void interrupted().then(() => ending.abort());
  await withDeployment(options, async (deployment) => {
    const request = {
      filter: filterOf(deployment, options),
      since: since(options.since, now()) ?? now(),
      follow: options.follow ?? false,
      signal: ending.signal,
    };
    let count = 0;
    for await (const dated of logLines(deployment, request)) {
      count += 1;
      out(options.json ? printableJson(JSON.stringify(dated.line)) : readable(dated));
    }
    if (count === 0 && !options.json) err(`No such lines since ${localTime(request.since)}.`);
  });
}

function checkedSince(text: string): string {
  if (since(text, new Date(0)) === undefined) {
    throw new InvalidArgumentError('Write it as 90s, 30m, 1h, 7d or 2026-01-31T12:00:00Z.');
  }
  return text;
}

/** `usher logs`: what happened, a line for each webhook and each job. */
export function addLogsCommand(program: Command, terminal: Terminal): void {
  forDeployment(
    program
      .command('logs')
      .description('Show what happened to webhooks and jobs, one line each.')
      .option('--follow', 'go on until Ctrl-C')
      .addOption(
        new Option('--since <when>', 'how long ago (90s, 30m, 1h, 7d), or a date')
          .default('1h')
          .argParser(checkedSince),
      )
      .option('--contact <id>', 'of this contact, by its id in the CRM')
      .option('--user <id>', 'of this user')
      .option('--request <id>', 'of this webhook, with its jobs')
      .option('--result <result>', 'with this result: created, updated, failed, …')
      .option('--connection <name>', 'of this connection'),
    'print the lines as they were logged',
  ).action((options: Options) => logs(options, terminal));
}
