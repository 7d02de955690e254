import type { Command } from 'commander';
import type { Random } from '../../functions/random.ts';
import { freshMs, refreshMs } from '../../functions/runtime/key-ring.ts';
import { confirm } from './support/confirm.ts';
import type { Deployment, DeploymentOptions } from './support/deployment.ts';
import { forDeployment, withDeployment } from './support/deployment-options.ts';
import { changeSecret, deployedConnections, fingerprint, readSecret } from './support/stored-secret.ts';
import { CommandError, type Terminal } from './support/terminal.ts';

/** 256 bits, in 43 characters that a URL takes as they are. */
const keyBytes = 32;
/** More than the current and the next one is a rotation that was never ended. */
const mostKeys = 2;

interface ListOptions extends DeploymentOptions {
  json?: boolean;
}

async function list(name: string | undefined, options: ListOptions, { out, err }: Terminal): Promise<void> {
  await withDeployment(options, async (deployment) => {
    const names = name === undefined ? deployedConnections(deployment, err) : [name];
    for (const connection of names) {
      const { accessKeys } = await readSecret(deployment, connection);
      const keys = accessKeys.map((key, index) => ({
        position: index === 0 ? 'current' : 'next',
        fingerprint: fingerprint(key),
      }));
      if (options.json) out(JSON.stringify({ connection, keys }));
      else {
        out(connection);
        for (const key of keys) out(`  ${key.position.padEnd(7)}  ${key.fingerprint}`);
        if (keys.length === 0) out('  no key');
      }
    }
  });
}

interface RotateOptions extends DeploymentOptions {
  showKey?: boolean;
  json?: boolean;
}

function explainRotation(
  name: string,
  made: string,
  old: string | undefined,
  { command }: Deployment,
): string[] {
  return [
    `The key ${made} is accepted from ${refreshMs / 1000} seconds from now on${old === undefined ? '.' : `, beside ${old}.`}`,
    `1. Paste the new URLs into the CRM:  ${command(`urls ${name} --show-key`)}`,
    ...(old === undefined ? [] : [`2. When nothing sends the old key:    ${command(`keys revoke ${name}`)}`]),
  ];
}

async function rotate(
  connection: string,
  options: RotateOptions,
  { out, err, now }: Terminal,
  random: Random,
): Promise<void> {
  await withDeployment(options, async (deployment) => {
    const key = random.bytes(keyBytes).toString('base64url');
    const { accessKeys } = await changeSecret(deployment, connection, (before) => {
      const count = before.accessKeys.length;
      if (count < mostKeys) return { ...before, accessKeys: [...before.accessKeys, key] };
      throw new CommandError(
        `"${connection}" has ${count} keys already. Revoke the older one first: ${deployment.command(`keys revoke ${connection}`)}`,
      );
    });
    const made = fingerprint(key);
    if (options.json) {
      const accepted = new Date(now().getTime() + refreshMs).toISOString();
      const shown = options.showKey ? { key } : {};
      out(JSON.stringify({ connection, fingerprint: made, accepted_from: accepted, ...shown }));
      return;
    }
    out(options.showKey ? key : made);
    const old = accessKeys.find((one) => one !== key);
    const lines = explainRotation(
      connection,
      made,
      old === undefined ? undefined : fingerprint(old),
      deployment,
    );
    for (const line of lines) err(line);
  });
}

interface RevokeOptions extends DeploymentOptions {
  fingerprint?: string;
  yes?: boolean;
  json?: boolean;
}

function chooseKey(
  accessKeys: readonly string[],
  connection: string,
  wanted: string | undefined,
  { command }: Deployment,
): string {
  const known = accessKeys.map(fingerprint);
  const key = wanted === undefined ? accessKeys[0] : accessKeys[known.indexOf(wanted.toLowerCase())];
  if (key === undefined) {
    throw new CommandError(
      `"${connection}" has no key ${wanted ?? 'at all'}. Its keys: ${known.join(', ') || 'none'}.`,
    );
  }
  if (accessKeys.length === 1) {
    throw new CommandError(
      `${known.join()} is the last key of "${connection}", and without one no webhook comes in. Make a new one first: ${command(`keys rotate ${connection}`)}`,
    );
  }
  return key;
}

async function removeKey(deployment: Deployment, connection: string, key: string): Promise<string[]> {
  const { accessKeys } = await changeSecret(deployment, connection, (before) => {
    const rest = before.accessKeys.filter((one) => one !== key);
    // Somebody may have revoked the other one while this one was asked.
    if (rest.length > 0) return { ...before, accessKeys: rest };
    throw new CommandError('The keys have changed meanwhile. Nothing was revoked.');
  });
  return accessKeys;
}

async function revoke(connection: string, options: RevokeOptions, terminal: Terminal): Promise<void> {
  await withDeployment(options, async (deployment) => {
    const { accessKeys } = await readSecret(deployment, connection);
    const key = chooseKey(accessKeys, connection, options.fingerprint, deployment);
    const revoked = fingerprint(key);
    await confirm(
      terminal,
      `Revoke the key ${revoked} of "${connection}"? Webhooks that send it will be refused.`,
      options.yes,
    );
    const rest = await removeKey(deployment, connection, key);
    if (options.json) {
      const refused = new Date(terminal.now().getTime() + freshMs).toISOString();
      const remaining = rest.map(fingerprint);
      terminal.out(JSON.stringify({ connection, revoked, remaining, refused_from: refused }));
      return;
    }
    terminal.out(`The key ${revoked} is revoked.`);
    terminal.err(
      `It is refused after ${freshMs / 60_000} minutes at the latest: so long a function may remember it.`,
    );
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
  ).action((connection: string | undefined, options: ListOptions) => list(connection, options, terminal));
  forDeployment(
    keys
      .command('rotate')
      .description('Make a second key. Both are valid until one is revoked.')
      .argument('<connection>', name)
      .option('--show-key', 'print the new key'),
  ).action((connection: string, options: RotateOptions) => rotate(connection, options, terminal, random));
  forDeployment(
    keys
      .command('revoke')
      .description('Remove the older key, or the one that --fingerprint names.')
      .argument('<connection>', name)
      .option('--fingerprint <digits>', 'as "usher keys list" shows it')
      .option('--yes', 'do not ask'),
  ).action((connection: string, options: RevokeOptions) => revoke(connection, options, terminal));
}
