import { type Command, InvalidArgumentError, Option } from 'commander';
import { actionNames } from '../../functions/actions/request.ts';
import config from '../../usher.config.ts';
import { webhookRequest } from '../dev/sandbox/webhook-request.ts';
import { readStackFile } from '../dev/stack-file.ts';
import { portOption } from './port-option.ts';
import { CommandError, exitCodes, printable, type Terminal } from './terminal.ts';

interface Options {
  contact: string;
  action: string;
  role?: string;
  notify?: boolean;
  async?: boolean;
  url?: string;
  key?: string;
  port: number;
  json?: boolean;
}

/** Where to send to, and with which key: a running local stack's, or what the options say. */
async function target(connection: string, { url, key, port }: Options): Promise<{ url: URL; key: string }> {
  if (url !== undefined && key !== undefined) return { url: new URL(url), key };
  const stack = await readStackFile(process.cwd(), port);
  const known = stack.connections[connection];
  const accessKey = key ?? known?.access_key;
  if (accessKey === undefined) {
    throw new CommandError(
      `The local stack has no connection "${connection}". Name its access key with --key.`,
    );
  }
  return { url: new URL(url ?? stack.webhook), key: accessKey };
}

async function send(connection: string, options: Options, { out, err }: Terminal): Promise<void> {
  const settings = config.connections[connection];
  if (!settings) {
    const known = Object.keys(config.connections).join(', ');
    throw new CommandError(`There is no connection "${connection}" in usher.config.ts. There are: ${known}.`);
  }
  const { url, key } = await target(connection, options);
  url.searchParams.set('wpf_action', options.action);
  url.searchParams.set('access_key', key);
  if (options.role !== undefined) url.searchParams.set('role', options.role);
  if (options.notify) url.searchParams.set('send_notification', 'true');
  if (options.async) url.searchParams.set('async', 'true');

  const { method, headers, body } = webhookRequest(
    settings.crm,
    url,
    { id: options.contact },
    undefined,
    new Date(),
  );
  let response: Response;
  try {
    // As bytes: fetch would add a content type to a text, and this CRM sends none.
    response = await fetch(url, { method, headers, body: Buffer.from(body) });
  } catch (error) {
    throw new CommandError(`${url.origin} does not answer.`, { cause: error });
  }
  const answer = await response.text();
  if (options.json) out(answer);
  else {
    err(`${method} ${url.origin}/?wpf_action=${options.action}&access_key=… → ${response.status}`);
    out(printable(answer));
  }
  if (!response.ok) process.exitCode = exitCodes.failed;
}

function webUrl(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new InvalidArgumentError('Write a URL such as https://abc.execute-api.eu-west-1.amazonaws.com/.');
  }
  return text;
}

/** `usher send`: posts what a CRM's automation would post. */
export function addSendCommand(program: Command, terminal: Terminal): void {
  program
    .command('send')
    .description("Post a webhook exactly as the connection's CRM does.")
    .argument('<connection>', 'as it is called in usher.config.ts')
    .requiredOption('--contact <id>', "the contact's id in the CRM")
    .addOption(new Option('--action <name>', 'what to do').choices(actionNames).default('add'))
    .option('--role <role>', 'role for the user')
    .option('--notify', 'ask for the welcome mail')
    .option('--async', 'only queue it')
    .option('--url <url>', 'another Usher than the local one', webUrl)
    .option('--key <key>', 'access key, for another Usher')
    .addOption(portOption('port of the local stack'))
    .option('--json', 'print the answer as it came')
    .action((connection: string, options: Options) => send(connection, options, terminal));
}
