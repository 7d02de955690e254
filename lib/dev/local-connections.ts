import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../../functions/config/config.ts';
import { LocalStackError } from './local-stack-error.ts';
import type { Sandbox, SandboxCrm } from './sandbox/sandbox.ts';
import { startSandbox } from './sandbox/start-sandbox.ts';

/** A connection of the local stack: with a sandbox, or with the CRM that was asked for. */
export interface LocalConnection {
  crm: SandboxCrm;
  accessKey: string;
  apiToken: string;
  crmUrl: string;
  sandbox?: Sandbox;
}

export interface LocalConnectionOptions {
  /** Base URLs to use instead of a sandbox, by connection. */
  crmUrls: Readonly<Record<string, string>>;
  tokens: Readonly<Record<string, string>>;
  dataDir?: string | undefined;
}

interface Kept {
  accessKey: string;
  apiToken: string;
}

/** Keys of the last run, so that pasted URLs go on working with `--data`. */
async function readKept(file: string | undefined): Promise<Record<string, Kept>> {
  if (file === undefined) return {};
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Record<string, Kept>;
  } catch (error) {
    if (Error.isError(error) && 'code' in error && error.code === 'ENOENT') return {};
    throw new LocalStackError(`${file} cannot be read. Delete it to get new keys.`, { cause: error });
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

const withSlash = (url: string) => (url.endsWith('/') ? url : `${url}/`);

/** Gives every connection keys and a CRM to talk to. `stop` ends the sandboxes. */
export async function startConnections(
  config: Config,
  options: LocalConnectionOptions,
): Promise<{ connections: Record<string, LocalConnection>; stop: () => Promise<void> }> {
  checkNames(config, options);
  const { dataDir } = options;
  if (dataDir !== undefined) await mkdir(dataDir, { recursive: true });
  const file = dataDir === undefined ? undefined : join(dataDir, 'connections.json');
  const kept = await readKept(file);

  const sandboxes: Sandbox[] = [];
  const stop = async () => {
    await Promise.all(sandboxes.map((sandbox) => sandbox.stop()));
  };
  const connections: Record<string, LocalConnection> = {};
  try {
    for (const [name, { crm }] of Object.entries(config.connections)) {
      const accessKey = kept[name]?.accessKey ?? randomBytes(24).toString('base64url');
      const apiToken = options.tokens[name] ?? kept[name]?.apiToken ?? randomBytes(32).toString('hex');
      const given = options.crmUrls[name];
      if (given !== undefined) {
        connections[name] = { crm, accessKey, apiToken, crmUrl: withSlash(given) };
        continue;
      }
      const dataFile = dataDir === undefined ? {} : { dataFile: join(dataDir, `people-${name}.json`) };
      const sandbox: Sandbox = await startSandbox(crm, { token: apiToken, ...dataFile });
      sandboxes.push(sandbox);
      connections[name] = { crm, accessKey, apiToken, crmUrl: withSlash(sandbox.url), sandbox };
    }
    if (file !== undefined) {
      const keys = Object.entries(connections).map(([name, { accessKey, apiToken }]) => [
        name,
        { accessKey, apiToken },
      ]);
      await writeFile(file, JSON.stringify(Object.fromEntries(keys)), { mode: 0o600 });
    }
    return { connections, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
