import type { Command } from 'commander';
import type { Random } from '../../functions/random.ts';
import type { Deployment, DeploymentOptions } from './support/deployment.ts';
import { forDeployment, withDeployment } from './support/deployment-options.ts';
import { type KeyedSecret, listKeys, revokeKey, rotateKey } from './support/secret-keys.ts';
import { deployedConnections, secretOfConnection } from './support/stored-secret.ts';
import type { Terminal } from './support/terminal.ts';

/** @throws CommandError when there is no such connection, or it was not deployed */
function keyedConnection(deployment: Deployment, name: string): KeyedSecret {
  const { command } = deployment;
  return {
    ...secretOfConnection(deployment, name),
    heading: name,
    about: { connection: name },
    rotate: command(`keys rotate ${name}`),
    revoke: command(`keys revoke ${name}`),
    newKey: ['Paste the new URLs into the CRM', command(`urls ${name} --show-key`)],
    lostBy: { revoking: 'Webhooks that send it will be refused.', lastOne: 'no webhook comes in' },
  };
}

interface Options extends DeploymentOptions {
  showKey?: boolean;
  fingerprint?: string;
  yes?: boolean;
  json?: boolean;
}

async function list(name: string | undefined, options: Options, terminal: Terminal): Promise<void> {
  await withDeployment(options, async (deployment) => {
    const names = name === undefined ? deployedConnections(deployment, terminal.err) : [name];
    for (const one of names)
      await listKeys(deployment, keyedConnection(deployment, one), { json: options.json === true }, terminal);
  });
}

/** `usher keys list`, `rotate` and `revoke`. */
export function addKeysCommand(program: Command, terminal: Terminal, random: Random): void {
  const keys = program.command('keys').description('List, rotate and revoke access keys.');
  const name = 'as it is called in usher.config.ts';
  forDeployment(
    keys
      .command('list')
      .description('List keys by fingerprint, the first 8 digits of their SHA-256.')
      .argument('[connection]', `${name}; without it all`),
    'print one line of JSON per connection',
  ).action((connection: string | undefined, options: Options) => list(connection, options, terminal));
  forDeployment(
    keys
      .command('rotate')
      .description('Make a second key. Both are valid until one is revoked.')
      .argument('<connection>', name)
      .option('--show-key', 'print the new key'),
  ).action((connection: string, options: Options) =>
    withDeployment(options, (deployment) =>
      rotateKey(deployment, keyedConnection(deployment, connection), options, { ...terminal, random }),
    ),
  );
  forDeployment(
    keys
      .command('revoke')
      .description('Remove the older key, or the one that --fingerprint names.')
      .argument('<connection>', name)
      .option('--fingerprint <digits>', 'as "usher keys list" shows it')
      .option('--yes', 'do not ask'),
  ).action((connection: string, options: Options) =>
    withDeployment(options, (deployment) =>
      revokeKey(deployment, keyedConnection(deployment, connection), options, terminal),
    ),
  );
}
