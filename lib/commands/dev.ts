import { rm } from 'node:fs/promises';
import { type Command, InvalidArgumentError } from 'commander';
import { type CrmName, crmNames } from '../../functions/crm/registry.ts';
import config from '../../usher.config.ts';
import type { Console } from '../console/console-server.ts';
import { furtherConnections, withConnections } from '../dev/further-connections.ts';
import { everyLog, jsonLog, terminalLog } from '../dev/local-log.ts';
import type { LocalStack } from '../dev/local-stack.ts';
import { describeStack, openLogFile, removeStackFile, writeStackFile } from '../dev/stack-file.ts';
import { webhookRequest } from '../sandbox/webhook-request.ts';
import { interrupted } from './support/interrupted.ts';
import { defaultPort, portOption } from './support/port-option.ts';
import { fromStdin, secretWord } from './support/secret-word.ts';
import { CommandError, type Terminal } from './support/terminal.ts';

type Pairs = Record<string, string>;

/** `name=value`, as often as the option is given. */
function pair(text: string, before: Pairs): Pairs {
  const [, name, value] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (name === undefined || value === undefined)
    throw new InvalidArgumentError('Write it as <connection>=<value>.');
  return { ...before, [name]: value };
}

function crmUrl(text: string, before: Pairs): Pairs {
  const after = pair(text, before);
  const url = text.slice(text.indexOf('=') + 1);
  const { protocol, hostname } = URL.canParse(url) ? new URL(url) : { protocol: '', hostname: '' };
  const isHere = protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
  if (protocol !== 'https:' && !isHere) {
    throw new InvalidArgumentError('The base URL must be https, or http on this machine.');
  }
  return after;
}

/** CRMs of the registry, by their names. */
function crmList(text: string): CrmName[] {
  const names = text.split(',').map((name) => name.trim());
  const isKnown = (name: string): name is CrmName => crmNames.some((crm) => crm === name);
  const unknown = names.find((name) => !isKnown(name));
  if (unknown === undefined) return names.filter(isKnown);
  throw new InvalidArgumentError(`There is no CRM "${unknown}". There are: ${crmNames.join(', ')}.`);
}

/** The tokens, with those that the options leave to stdin. */
async function tokensOf({ token }: Options, terminal: Terminal): Promise<Pairs> {
  const asked = Object.keys(token).filter((name) => token[name] === fromStdin);
  if (asked.length > 1 && !terminal.askSecret) {
    throw new CommandError('Only one token can be piped in. Nothing was started.');
  }
  const tokens = { ...token };
  for (const name of asked) {
    tokens[name] = await secretWord(terminal, `API token of ${name}`, 'token', 'Nothing was started.');
  }
  return tokens;
}

function hostName(text: string): string {
  if (/^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(text)) return text.toLowerCase();
  throw new InvalidArgumentError('Write a host name such as usher.example.com, without https:// and path.');
}

/** A POSIX shell's single quotes. */
const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

/** A webhook as the CRM would send it, for the first person of a sandbox. */
function exampleCurl(stack: LocalStack, name: string): string[] {
  const connection = stack.connections[name];
  const person = connection?.sandbox?.people.list()[0];
  if (!connection || !person) return [];
  const url = new URL(stack.webhook);
  url.search = new URLSearchParams({
    wpf_action: 'add',
    access_key: connection.accessKey,
    send_notification: 'true',
  }).toString();
  const { headers, body } = webhookRequest(connection.crm, url, person, new Date());
  const headerOptions = Object.entries(headers).map(
    ([header, value]) => `-H ${quoted(`${header}: ${value}`)}`,
  );
  return [['curl', ...headerOptions, '-d', quoted(body), quoted(url.href)].join(' ')];
}

/** What a site's server asks when somebody logs in, for the first person of the sandboxes; the password is yet to be chosen. */
function loginCurl({ webhook, site, connections }: LocalStack): string {
  const people = Object.values(connections).flatMap(({ sandbox }) => sandbox?.people.list() ?? []);
  const login = people[0]?.email ?? 'ada@example.com';
  const body = JSON.stringify({ login, password: '<your password>', ip: '127.0.0.1' });
  const header = quoted(`authorization: Bearer ${site.key}`);
  return `curl -H ${header} -d ${quoted(body)} ${webhook}v1/login`;
}

function banner(stack: LocalStack, address: string, publicHost: string | undefined): string[] {
  const port = Number(new URL(stack.webhook).port);
  const connections = Object.entries(stack.connections).flatMap(
    ([name, { crm, accessKey, crmUrl: url, sandbox }]) => [
      '',
      `${name} (${crm})`,
      `  webhook   ${stack.webhook}?wpf_action=add&access_key=${encodeURIComponent(accessKey)}`,
      `  CRM       ${url}${sandbox ? `  (sandbox: ${sandbox.control})` : ''}`,
      ...exampleCurl(stack, name).map((curl) => `  try       ${curl}`),
    ],
  );
  return [
    `Usher is ready. Webhooks go to ${stack.webhook}`,
    ...(publicHost === undefined ? [] : [`Through the tunnel they come to https://${publicHost}/`]),
    `See it all at ${address}  (once; "npx usher console" prints another one)`,
    `Mails arrive at ${stack.inbox}`,
    ...connections,
    '',
    'your site',
    `  key       ${stack.site.key}`,
    `  log in    ${loginCurl(stack)}`,
    '',
    `In another terminal: npx usher user list --all${port === defaultPort ? '' : ` --port ${port}`}`,
    'Ctrl-C stops everything.',
    '',
  ];
}

interface Options {
  port: number;
  json?: boolean;
  with: CrmName[];
  crm: Pairs;
  token: Pairs;
  data?: string;
  publicHost?: string;
}

async function dev(options: Options, terminal: Terminal): Promise<void> {
  const { out, err } = terminal;
  const tokens = await tokensOf(options, terminal);
  const stopping = interrupted();
  // The emulators take half a second to load, which no other command should wait for.
  const { startLocalStack } = await import('../dev/local-stack.ts');
  const { startConsole } = await import('../console/console-server.ts');
  const logFile = await openLogFile(process.cwd(), process.pid);
  const starting = startLocalStack({
    config: withConnections(config, furtherConnections(config, options.with)),
    port: options.port,
    log: everyLog(
      options.json ? jsonLog(err) : terminalLog(out),
      jsonLog((line) => logFile.write(`${line}\n`)),
    ),
    crmUrls: options.crm,
    tokens,
    publicHost: options.publicHost,
    dataDir: options.data,
    withTraces: true,
    onError: (error) => err(error instanceof Error ? (error.stack ?? error.message) : String(error)),
  });
  const stack = await starting.catch(async (error: unknown) => {
    logFile.close();
    await rm(logFile.path, { force: true });
    throw error;
  });
  const description = describeStack(stack, String(logFile.path));
  let page: Console | undefined;
  try {
    await writeStackFile(process.cwd(), description);
    page = await startConsole({
      port: Number(new URL(stack.webhook).port),
      consolePort: 0,
      write: true,
      since: new Date(0),
      traces: stack.traces,
    });
    if (options.json) out(JSON.stringify({ ...description, console: page.address }));
    else for (const line of banner(stack, page.address, options.publicHost)) out(line);
    await stopping;
    if (!options.json) out('Stopping.');
  } finally {
    await page?.stop();
    await stack.stop();
    logFile.close();
    await removeStackFile(process.cwd(), description);
  }
}

/** `usher dev`: Usher with everything it needs, on this machine. */
export function addDevCommand(program: Command, terminal: Terminal): void {
  program
    .command('dev')
    .description('Run Usher on this machine, with a sandbox of each CRM and an inbox.')
    .addOption(portOption('port for webhooks'))
    .option('--json', 'print one line of JSON when ready; logs go to stderr')
    .option('--with <crms>', 'also a connection of each of these: --with <crm>,<crm>', crmList, [])
    .option('--crm <connection=url>', 'use this CRM instead of the sandbox', crmUrl, {})
    .option(
      '--token <connection=token>',
      'API token for that CRM; - asks for it, or reads it from stdin, so that no list of processes shows it',
      pair,
      {},
    )
    .option('--public-host <name>', 'let a tunnel of this name reach the webhook', hostName)
    .option('--data <dir>', 'keep users, jobs, mails, people and keys there')
    .action((options: Options) => dev(options, terminal));
}
