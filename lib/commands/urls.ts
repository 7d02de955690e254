import { type Command, Option } from 'commander';
import type { DeploymentOptions } from './support/deployment.ts';
import { forDeployment, withDeployment } from './support/deployment-options.ts';
import { deployedConnections } from './support/stored-secret.ts';
import type { Terminal } from './support/terminal.ts';
import {
  expectGivenRole,
  keyPlaceholder,
  type UrlOptions,
  type Urls,
  urlsOf,
} from './support/webhook-urls.ts';

interface Options extends DeploymentOptions, UrlOptions {
  json?: boolean;
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
    expectGivenRole(deployment, options.role);
    const names = name === undefined ? deployedConnections(deployment, err) : [name];
    for (const one of names) {
      const found = await urlsOf(deployment, one, options);
      if (options.json) out(JSON.stringify(found));
      else for (const line of lines(found)) out(line);
    }
    if (!options.showKey && !options.json)
      err(`Add --show-key to see the key in place of ${keyPlaceholder}.`);
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
