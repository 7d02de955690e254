import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../../functions/config/config.ts';
import { type Credentials, neededSecrets } from '../../functions/crm/connector.ts';
import { connectorOf } from '../../functions/crm/registry.ts';
import { type ConnectionSecret, readConnectionSecret } from '../../functions/runtime/connection-secret.ts';
import type { Sandbox, SandboxCrm } from '../sandbox/sandbox.ts';
import { startSandbox } from '../sandbox/start-sandbox.ts';
import { LocalStackError } from './local-stack-error.ts';
import { loadSecrets } from './secrets-file.ts';

/** A connection of the local stack: with a sandbox, or with the CRM that was asked for. */
export interface LocalConnection {
  crm: SandboxCrm;
  /** The newest of its access keys: what goes into URLs. */
  accessKey: string;
  accessKeys: readonly string[];
  credentials: Credentials;
  crmUrl: string;
  sandbox?: Sandbox;
}

export interface LocalConnectionOptions {
  /** Base URLs to use instead of a sandbox, by connection. */
  crmUrls: Readonly<Record<string, string>>;
  tokens: Readonly<Record<string, string>>;
  dataDir?: string | undefined;
}

/** Of the site keys; no connection's id begins like this. */
export const siteSecretId = 'usher/local-site';
export const secretId = (connection: string) => `usher/local/${connection}`;

/** The file that the secrets are kept in, with `--data`. */
export const secretsFile = (dataDir: string | undefined) =>
  dataDir === undefined ? undefined : join(dataDir, 'secrets.json');

/** A connection's secret from the last run, so that pasted URLs go on working with `--data`. */
function keptSecret(file: string | undefined, text: string | undefined): ConnectionSecret {
  if (text === undefined) return { accessKeys: [], credentials: { apiToken: '' } };
  try {
    return readConnectionSecret(text);
  } catch (cause) {
    throw new LocalStackError(`${file} holds no secrets. Delete it to get new keys.`, { cause });
  }
}

function checkNames(config: Config, { crmUrls, tokens }: LocalConnectionOptions) {
  const known = Object.keys(config.connections);
  const unknown = [...Object.keys(crmUrls), ...Object.keys(tokens)].find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new LocalStackError(
      `There is no connection "${unknown}" in usher.config.ts. There are: ${known.join(', ')}.`,
    );
  }
}

/** What the CRM's connector asks for: what was given or kept, else made up, as the sandbox's will be. */
function credentialsFor(crm: SandboxCrm, kept: Credentials, token: string | undefined): Credentials {
  // What webhooks are signed with is left out: `usher send` and a typed curl sign nothing.
  const names = neededSecrets(connectorOf(crm).secrets);
  const made = names.map((name) => [name, kept[name] || randomBytes(32).toString('hex')]);
  const all = { ...kept, ...Object.fromEntries(made) } as Credentials;
  return token === undefined ? all : { ...all, apiToken: token };
}

const newKey = () => randomBytes(24).toString('base64url');

const withSlash = (url: string) => (url.endsWith('/') ? url : `${url}/`);

/** Gives every connection keys and a CRM to talk to. `stop` ends the sandboxes. */
export async function startConnections(
  config: Config,
  options: LocalConnectionOptions,
): Promise<{ connections: Record<string, LocalConnection>; siteKey: string; stop: () => Promise<void> }> {
  checkNames(config, options);
  const { dataDir } = options;
  if (dataDir !== undefined) await mkdir(dataDir, { recursive: true });
  const file = secretsFile(dataDir);
  const kept = file === undefined ? {} : loadSecrets(file);

  const sandboxes: Sandbox[] = [];
  const stop = async () => {
    await Promise.all(sandboxes.map((sandbox) => sandbox.stop()));
  };
  const connections: Record<string, LocalConnection> = {};
  try {
    for (const [name, { crm }] of Object.entries(config.connections)) {
      const { accessKeys, credentials } = keptSecret(file, kept[secretId(name)]);
      const accessKey = accessKeys.at(-1) ?? newKey();
      const known = credentialsFor(crm, credentials, options.tokens[name]);
      const keys = {
        accessKey,
        accessKeys: accessKeys.length === 0 ? [accessKey] : accessKeys,
        credentials: known,
      };
      const given = options.crmUrls[name];
      if (given !== undefined) {
        connections[name] = { crm, ...keys, crmUrl: withSlash(given) };
        continue;
      }
      const dataFile = dataDir === undefined ? {} : { dataFile: join(dataDir, `people-${name}.json`) };
      const sandbox: Sandbox = await startSandbox(crm, {
        token: known.apiToken,
        secrets: known,
        ...dataFile,
      });
      sandboxes.push(sandbox);
      connections[name] = { crm, ...keys, crmUrl: withSlash(sandbox.url), sandbox };
    }
    const siteKey = keptSecret(file, kept[siteSecretId]).accessKeys.at(-1) ?? newKey();
    return { connections, siteKey, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
