import { type Command, InvalidArgumentError, Option } from 'commander';
import { actionNames } from '../../functions/actions/actions.ts';
import config from '../../usher.config.ts';
import type { DeploymentOptions } from './support/deployment.ts';
import { forDeployment, withDeployment } from './support/deployment-options.ts';
import { postWebhook, type WebhookTarget, type WebhookWish } from './support/post-webhook.ts';
import { fromStdin, secretWord } from './support/secret-word.ts';
import { connectionOf, newestKey } from './support/stored-secret.ts';
import { exitCodes, printable, printableJson, type Terminal } from './support/terminal.ts';

interface Options extends DeploymentOptions, WebhookWish {
  contact: string;
  url?: string;
  key?: string;
  json?: boolean;
}

/** What to send as, where to, and with which key: what the options say, else what the deployment has. */
async function target(connection: string, options: Options, terminal: Terminal): Promise<WebhookTarget> {
  const { url } = options;
  const key =
    options.key === fromStdin
      ? await secretWord(terminal, `Access key of ${connection}`, 'key', 'Nothing was sent.')
      : options.key;
  if (url !== undefined && key !== undefined) {
    return { crm: connectionOf({ config }, connection).crm, url: new URL(url), key };
  }
  return withDeployment(options, async (deployment) => ({
    crm: connectionOf(deployment, connection).crm,
    url: new URL(url ?? deployment.webhook),
    key: key ?? (await newestKey(deployment, connection)),
  }));
}

async function send(connection: string, options: Options, terminal: Terminal): Promise<void> {
  const { out, err, now } = terminal;
  const to = await target(connection, options, terminal);
  const { method, status, isOk, answer } = await postWebhook(to, options, { id: options.contact }, now());
  if (options.json) out(printableJson(answer));
  else {
    err(`${method} ${to.url.origin}/?wpf_action=${options.action}&access_key=… → ${status}`);
    out(printable(answer));
  }
  if (!isOk) process.exitCode = exitCodes.failed;
}

function webUrl(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new InvalidArgumentError('Write a URL such as https://abc.execute-api.eu-west-1.amazonaws.com/.');
  }
  return text;
}

/** `usher send`: posts what a CRM's automation would post. */
export function addSendCommand(program: Command, terminal: Terminal): void {
  forDeployment(
    program
      .command('send')
      .description("Post a webhook exactly as the connection's CRM does.")
      .argument('<connection>', 'as it is called in usher.config.ts')
      .requiredOption('--contact <id>', "the contact's id in the CRM")
      .addOption(new Option('--action <name>', 'what to do').choices(actionNames).default('add'))
      .option('--role <role>', 'role for the user')
      .option('--notify', 'ask for the welcome mail')
      .option('--async', 'only queue it')
      .option('--url <url>', 'send it there instead', webUrl)
      .option('--key <key>', 'access key, instead of the newest; - reads it from stdin'),
    'print the answer as it came',
  ).action((connection: string, options: Options) => send(connection, options, terminal));
}
