import { join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import type { Config } from '../../functions/config/config.ts';
import config from '../../usher.config.ts';
import { checkedConfig } from './checked-config.ts';
import { clientVersions } from './client-versions.ts';
import { environmentCredentials } from './environment-credentials.ts';
import { environmentSettings } from './environment-settings.ts';
import { longCommonPasswords } from './long-common-passwords.ts';
import { nativeHashes } from './native-hashes.ts';
import { noEndpointDiscovery } from './no-endpoint-discovery.ts';
import { noUserAgent } from './no-user-agent.ts';
import { standardRetries } from './standard-retries.ts';
import { untouchedBuiltins } from './untouched-builtins.ts';
import { usedConnectors } from './used-connectors.ts';
import { usedSchemas } from './used-schemas.ts';
import { connectorsWithoutSetUp } from './without-set-up.ts';

/**
 * The SDK imports these only for services that stream events, which none of ours does. Without the mention here they,
 * and all they touch, would be in the bundle and could not be shaken: 20 kB, and a slower start of the rest.
 */
const neverReached = ['@smithy/core/event-streams'];

/**
 * Builds the Lambda function: one minified ES module with everything in it, the AWS SDK included (a bundled SDK
 * starts faster than the runtime's own).
 *
 * @param outdir receives `index.mjs`
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
    absWorkingDir: join(import.meta.dirname, '../..'),
    entryPoints: { index: entry },
    outdir,
    outExtension: { '.js': '.mjs' },
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
      checkedConfig(given),
      usedConnectors(given),
      longCommonPasswords(given),
      connectorsWithoutSetUp,
    ],
    metafile: true,
    legalComments: 'none',
    logLevel: 'warning',
  });
  return metafile;
}
