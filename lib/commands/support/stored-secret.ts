import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Connection } from '../../../functions/config/config.ts';
import type { ConnectionSecret } from '../../../functions/runtime/connection-secret.ts';
import {
  changeSecretVersion,
  readSecretVersion,
  SecretKeepsChanging,
} from '../../../functions/runtime/stored-secret.ts';
import type { Deployment } from './deployment.ts';
import { CommandError, WrongUsage } from './terminal.ts';

/** @throws WrongUsage naming the connections there are */
export function connectionOf({ config }: Pick<Deployment, 'config'>, name: string): Connection {
  const connection = config.connections[name];
  if (connection) return connection;
  const known = Object.keys(config.connections).join(', ');
  throw new WrongUsage(`There is no connection "${name}" in usher.config.ts. There are: ${known}.`);
}

/** @throws CommandError when there is no such connection, or it was not deployed */
export function secretIdOf(deployment: Deployment, name: string): string {
  connectionOf(deployment, name);
  const id = deployment.secretIds[name];
  if (id !== undefined) return id;
  throw new CommandError(
    `${deployment.title} has no secret for "${name}": it was added after the last deployment.`,
  );
}

/** A secret with access keys in it. */
export interface StoredSecret {
  id: string;
  /** Whose it is, in the middle of a sentence: `"acme"`, `the site`. */
  of: string;
  /** What to do when it is gone for good. */
  ifGone: string;
}

/** @throws CommandError when there is no such connection, or it was not deployed */
export const secretOfConnection = (deployment: Deployment, name: string): StoredSecret => ({
  id: secretIdOf(deployment, name),
  of: `"${name}"`,
  ifGone:
    'Take the connection out of usher.config.ts, or put another one in the place of the only one, and deploy; put it back and deploy again; then store the API token and paste the new URLs.',
});

/** @throws CommandError when the stack is older than the site's side */
export function secretOfSite({ siteSecretId: id, title }: Deployment): StoredSecret {
  if (id === undefined) throw new CommandError(`${title} has no secret for the site yet. Deploy it again.`);
  const ifGone =
    "Give SiteKey another id in lib/stack/usher-stack.ts and deploy; then give the new key to the site's servers.";
  return { id, of: 'the site', ifGone };
}

/**
 * What to do about a secret that somebody has deleted: Secrets Manager keeps it for a while, and says until then that the
 * request is not valid. CloudFormation does not make it again by itself.
 */
function lostSecret(error: unknown, { id, of, ifGone }: StoredSecret): unknown {
  const texts: Partial<Record<string, string>> = {
    InvalidRequestException: `is being deleted. Keep it: aws secretsmanager restore-secret --secret-id ${id}`,
    ResourceNotFoundException: `is gone. ${ifGone}`,
  };
  const text = Error.isError(error) ? texts[error.name] : undefined;
  return text === undefined ? error : new CommandError(`The secret of ${of} ${text}`, { cause: error });
}

/** What keeps a secret from being read or changed, in words for whoever runs the command. */
function explained(error: unknown, stored: StoredSecret): unknown {
  if (error instanceof SecretKeepsChanging)
    return new CommandError(`Somebody else keeps changing the secret of ${stored.of}. Nothing was stored.`);
  // The parser's message quotes the secret.
  if (error instanceof SyntaxError || error instanceof z.core.$ZodError)
    return new CommandError(
      `The secret ${stored.id} is not of the form {"accessKeys":["…"],"apiToken":"…"} with keys of 32 characters or more.`,
    );
  return lostSecret(error, stored);
}

/** @throws CommandError when the secret is missing, or holds something else */
export async function readStored(
  { secrets }: Pick<Deployment, 'secrets'>,
  stored: StoredSecret,
): Promise<ConnectionSecret> {
  try {
    return (await readSecretVersion(secrets, stored.id)).secret;
  } catch (error) {
    throw explained(error, stored);
  }
}

/**
 * Stores a new version of a secret, made of the one that it takes the place of.
 *
 * @throws CommandError as `readStored`, and what `change` throws
 */
export async function changeStored(
  { secrets }: Pick<Deployment, 'secrets'>,
  stored: StoredSecret,
  change: (before: ConnectionSecret) => ConnectionSecret,
): Promise<ConnectionSecret> {
  try {
    return await changeSecretVersion(secrets, stored.id, change);
  } catch (error) {
    throw explained(error, stored);
  }
}

/** @throws CommandError when the connection or its secret is missing, or holds something else */
export const readSecret = async (deployment: Deployment, name: string): Promise<ConnectionSecret> =>
  readStored(deployment, secretOfConnection(deployment, name));

/** Stores a new version of a connection's secret, as `changeStored` does. */
export const changeSecret = async (
  deployment: Deployment,
  name: string,
  change: (before: ConnectionSecret) => ConnectionSecret,
): Promise<ConnectionSecret> => changeStored(deployment, secretOfConnection(deployment, name), change);

/** The connections that this deployment has; `tell` gets a word about each that is in the configuration only. */
export function deployedConnections(deployment: Deployment, tell: (line: string) => void): string[] {
  const names = Object.keys(deployment.config.connections);
  const isDeployed = (name: string) => deployment.secretIds[name] !== undefined;
  for (const name of names.filter((one) => !isDeployed(one))) {
    tell(`"${name}" is left out: it was added after the last deployment of ${deployment.title}.`);
  }
  return names.filter(isDeployed);
}

/** The key that goes into new URLs. */
export async function newestKey(deployment: Deployment, name: string): Promise<string> {
  const { accessKeys } = await readSecret(deployment, name);
  const key = accessKeys.at(-1);
  if (key !== undefined) return key;
  throw new CommandError(
    `"${name}" has no access key. Make one with "${deployment.command(`keys rotate ${name}`)}".`,
  );
}

/** What a key is called where it must not be shown: the beginning of its SHA-256. */
export function fingerprint(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 8);
}
