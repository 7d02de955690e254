import type { Command } from 'commander';
import type { Random } from '../../functions/random.ts';
import type { Deployment, DeploymentOptions } from './support/deployment.ts';
import { forDeployment, withDeployment } from './support/deployment-options.ts';
import { type KeyedSecret, listKeys, revokeKey, rotateKey } from './support/secret-keys.ts';
import { secretOfSite } from './support/stored-secret.ts';
import type { Terminal } from './support/terminal.ts';

/** @throws CommandError when the stack is older than the site's side */
function keyedSite(deployment: Deployment): KeyedSecret {
  const { command } = deployment;
  return {
    ...secretOfSite(deployment),
    heading: 'site',
    about: {},
    rotate: command('site-key rotate'),
    revoke: command('site-key revoke'),
    newKey: ["Give the new key to the site's servers", command('site-key list --show-key')],
    lostBy: { revoking: 'Servers that send it will be refused.', lastOne: 'nobody can log in to the site' },
  };
}

interface Options extends DeploymentOptions {
  showKey?: boolean;
  fingerprint?: string;
  yes?: boolean;
  json?: boolean;
}

/** `usher site-key list`, `rotate` and `revoke`: the keys of the site's own servers. */
export function addSiteKeyCommand(program: Command, terminal: Terminal, random: Random): void {
  const siteKey = program
    .command('site-key')
    .description("List, rotate and revoke the keys of your site's servers.");
  forDeployment(
    siteKey
      .command('list')
      .description('List keys by fingerprint, the first 8 digits of their SHA-256.')
      .option('--show-key', 'show the keys themselves'),
  ).action((options: Options) =>
    withDeployment(options, (deployment) => listKeys(deployment, keyedSite(deployment), options, terminal)),
  );
  forDeployment(
    siteKey
      .command('rotate')
      .description('Make a second key. Both are valid until one is revoked.')
      .option('--show-key', 'print the new key'),
  ).action((options: Options) =>
    withDeployment(options, (deployment) =>
      rotateKey(deployment, keyedSite(deployment), options, { ...terminal, random }),
    ),
  );
  forDeployment(
    siteKey
      .command('revoke')
      .description('Remove the older key, or the one that --fingerprint names.')
      .option('--fingerprint <digits>', 'as "usher site-key list" shows it')
      .option('--yes', 'do not ask'),
  ).action((options: Options) =>
    withDeployment(options, (deployment) => revokeKey(deployment, keyedSite(deployment), options, terminal)),
  );
}
