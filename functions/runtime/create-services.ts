import { setTimeout } from 'node:timers/promises';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { Config } from '../config/config.ts';
import { withOwnPages } from '../config/own-pages.ts';
import { createTransport } from '../crm/transport.ts';
import { describeError } from '../errors.ts';
import { secureRandom } from '../random.ts';
import type { AwsClients } from './aws-clients.ts';
import type { Environment } from './environment.ts';
import { createKeyRing } from './key-ring.ts';
import type { Log } from './log.ts';
import type { Services } from './services.ts';

/** The stack makes a configuration set and a URL, which are not known when the configuration is written. */
function withSurroundings(config: Config, environment: Environment): Config {
  const { USHER_CONFIGURATION_SET: configurationSet, USHER_PUBLIC_URL: url } = environment;
  const mail = configurationSet === undefined ? config.mail : { ...config.mail, configurationSet };
  const known = { ...config, mail };
  return url === undefined ? known : withOwnPages(known, url);
}

/** Builds everything the function uses: once per process. */
export function createServices(
  config: Config,
  environment: Environment,
  aws: AwsClients,
  log: Log,
): Services {
  const now = () => new Date();
  return {
    ...aws,
    paceMemory: new Map(),
    crmMemories: new Map(),
    secretIds: environment.USHER_SECRETS,
    config: withSurroundings(config, environment),
    log,
    now,
    random: secureRandom,
    sleep: async (ms, signal) => {
      await setTimeout(ms, undefined, signal ? { signal } : {});
    },
    transport: createTransport(new NodeHttpHandler({ connectionTimeout: 2000 })),
    keyRing: createKeyRing({
      secrets: aws.secrets,
      secretIds: environment.USHER_SECRETS,
      now,
      onProblem: (connection, error) =>
        log.problem('secret unreadable', { connection, error: describeError(error) }),
    }),
    siteKeys: createKeyRing({
      secrets: aws.secrets,
      secretIds: environment.USHER_SITE_SECRET === undefined ? {} : { site: environment.USHER_SITE_SECRET },
      now,
      onProblem: (_site, error) => log.problem('site key unreadable', { error: describeError(error) }),
    }),
    tableName: environment.USHER_TABLE,
    queueUrl: environment.USHER_QUEUE_URL,
    deadLetterUrl: environment.USHER_DEAD_LETTER_URL,
    crmUrls: environment.USHER_CRM_URLS,
  };
}
