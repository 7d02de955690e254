import { type Command, Option } from 'commander';
import { type ActionName, actionNames, actionOf, isOn } from '../../functions/actions/actions.ts';
import { connectorOf } from '../../functions/crm/registry.ts';
import { refusalOf } from '../../functions/users/roles.ts';
import type { Deployment, DeploymentOptions } from './support/deployment.ts';
import { forDeployment, withDeployment } from './support/deployment-options.ts';
import { connectionOf, deployedConnections, newestKey, secretIdOf } from './support/stored-secret.ts';
import { CommandError, type Terminal } from './support/terminal.ts';

interface Options extends DeploymentOptions {
  role?: string;
  notify?: boolean;
  async?: boolean;
  showKey?: boolean;
  keyIn: 'query' | 'header';
  json?: boolean;
}

/** What a connection's automation needs to call Usher. */
interface Urls {
  connection: string;
  crm: string;
  urls: Partial<Record<ActionName, string>>;
  /** Headers the operator has to enter. */
  headers: Record<string, string>;
  setup: string[];
}

/** Stands for the key where it is not to be seen. Nobody mistakes it for one. */
const placeholder = '<access key>';

/** A role that a webhook would not give is a URL that does not do what it says. */
function checkRole({ config }: Deployment, role: string | undefined): void {
  const refusal = role === undefined ? undefined : refusalOf(config.roles, role);
  if (refusal === undefined) return;
  const given = config.roles.list.filter(({ privileged }) => !privileged).map(({ slug }) => slug);
  const reason = refusal === 'role_unknown' ? 'is not in usher.config.ts' : 'is never given by a webhook';
  throw new CommandError(`The role "${role}" ${reason}. There are: ${given.join(', ')}.`);
}

function urlOf(webhook: string, action: ActionName, key: string | undefined, options: Options): string {
  const { role, notify, async } = options;
  const query = new URLSearchParams();
  const wanted = actionOf(action);
  // A question is asked as it is: whoever pastes its URL wants to see whether it is right.
  const parameters = 'ask' in wanted ? [] : wanted.parameters;
  if (role !== undefined && parameters.includes('role')) query.set('role', role);
  if (notify && parameters.includes('send_notification')) query.set('send_notification', 'true');
  if (async && parameters.includes('async')) query.set('async', 'true');
  // Written out, because the placeholder has to stay readable. A key may be one that somebody else has made.
  const shown = key === undefined || key === placeholder ? key : encodeURIComponent(key);
  const first = [`wpf_action=${action}`, ...(shown === undefined ? [] : [`access_key=${shown}`])];
  return `${webhook}?${[...first, ...(query.size === 0 ? [] : [query.toString()])].join('&')}`;
}

async function urlsOf(deployment: Deployment, name: string, options: Options): Promise<Urls> {
  const connection = connectionOf(deployment, name);
  const connector = connectorOf(connection.crm);
  secretIdOf(deployment, name);
  const key = options.showKey ? await newestKey(deployment, name) : placeholder;
  const isInUrl = options.keyIn === 'query';
  const urls = Object.fromEntries(
    actionNames
      .filter((action) => isOn(action, connection))
      .map((action) => [action, urlOf(deployment.webhook, action, isInUrl ? key : undefined, options)]),
  ) as Urls['urls'];
  return {
    connection: name,
    crm: connector.title,
    urls,
    headers: isInUrl ? {} : { 'X-Access-Key': key },
    setup: connector.setup('one of the URLs above').split('\n'),
  };
}

function lines({ connection, crm, urls, headers, setup }: Urls): string[] {
  const rows = [
    ...Object.entries(urls),
    ...Object.entries(headers).map(([name, key]) => ['header', `${name}: ${key}`]),
  ];
  const steps = Object.keys(headers).length === 0 ? setup : [...setup, 'Enter the header above as well.'];
  return [
    `${connection}: ${crm}`,
    ...rows.map(([what = '', text = '']) => `  ${what.padEnd(11)}  ${text}`),
    ...steps.map((step) => `  - ${step}`),
    '',
  ];
}

async function urls(name: string | undefined, options: Options, { out, err }: Terminal): Promise<void> {
  await withDeployment(options, async (deployment) => {
    checkRole(deployment, options.role);
    const names = name === undefined ? deployedConnections(deployment, err) : [name];
    for (const one of names) {
      const found = await urlsOf(deployment, one, options);
      if (options.json) out(JSON.stringify(found));
      else for (const line of lines(found)) out(line);
    }
    if (!options.showKey && !options.json) err(`Add --show-key to see the key in place of ${placeholder}.`);
  });
}

/** `usher urls`: what to paste into the CRM. */
export function addUrlsCommand(program: Command, terminal: Terminal): void {
  forDeployment(
    program
      .command('urls')
      .description('Show the URLs to paste into a CRM, and where to paste them.')
      .argument('[connection]', 'as it is called in usher.config.ts; without it all')
      .option('--role <role>', 'role for the user (add, update)')
      .option('--notify', 'with the welcome mail for new users (add)')
      .option('--async', 'answer at once, work from the queue')
      .option('--show-key', 'show the newest access key')
      .addOption(
        new Option('--key-in <place>', 'where the key goes').choices(['query', 'header']).default('query'),
      ),
    'print one line of JSON per connection',
  ).action((connection: string | undefined, options: Options) => urls(connection, options, terminal));
}
