import { readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build, type Metafile } from 'esbuild';
import type { Config } from '../../functions/config/config.ts';
import config from '../../usher.config.ts';
import { checkedConfig } from './checked-config.ts';
import { clientVersions } from './client-versions.ts';
import { environmentCredentials } from './environment-credentials.ts';
import { environmentSettings } from './environment-settings.ts';
import { longCommonPasswords } from './long-common-passwords.ts';
import { mailProtocol } from './mail-protocol.ts';
import { nativeHashes } from './native-hashes.ts';
import { noEndpointDiscovery } from './no-endpoint-discovery.ts';
import { noUserAgent } from './no-user-agent.ts';
import { signingKey } from './signing-key.ts';
import { standardRetries } from './standard-retries.ts';
import { untouchedBuiltins } from './untouched-builtins.ts';
import { usedConnectors } from './used-connectors.ts';
import { usedSchemas } from './used-schemas.ts';
import { connectorsWithoutSetUp } from './without-set-up.ts';

const root = join(import.meta.dirname, '../..');

/**
 * The SDK imports these only for services that stream events, which none of ours does, and in browsers. Without the mention here they,
 * and all they touch, would be in the bundle and could not be shaken: 54 kB, and a slower start of the rest.
 */
const neverReached = ['@smithy/core/event-streams', 'bowser'];

/** Files of an earlier build have other names, and would be deployed too. */
async function removeOthers(outdir: string, { outputs }: Metafile): Promise<void> {
  const made = new Set(Object.keys(outputs).map((path) => resolve(root, path)));
  for (const file of await readdir(outdir)) {
    const path = resolve(outdir, file);
    if (file.endsWith('.mjs') && !made.has(path)) await rm(path, { force: true });
  }
}

/**
 * Builds the Lambda function: minified ES modules with everything in them, the AWS SDK included (a bundled SDK
 * starts faster than the runtime's own). What a webhook does not need is in files of its own.
 *
 * @param outdir receives `index.mjs` and what it loads
 * @param given another configuration than `usher.config.ts`
 * @param entry another file than the Lambda's entry, built in the same way
 * @returns what is in the bundle
 */
export async function bundleFunction(
  outdir: string,
  given: Config = config,
  entry = 'functions/index.ts',
): Promise<Metafile> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: { index: entry },
    outdir,
    outExtension: { '.js': '.mjs' },
    splitting: true,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    external: neverReached,
    plugins: [
      untouchedBuiltins,
      environmentCredentials,
      environmentSettings,
      usedSchemas,
      clientVersions,
      nativeHashes,
      noEndpointDiscovery,
      standardRetries,
      noUserAgent,
      signingKey,
      mailProtocol,
      checkedConfig(given),
      usedConnectors(given),
      longCommonPasswords(given),
      connectorsWithoutSetUp,
    ],
    metafile: true,
    legalComments: 'none',
    logLevel: 'warning',
  });
  await removeOthers(resolve(root, outdir), metafile);
  return metafile;
}
