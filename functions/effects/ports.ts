import type { SESClient } from '@aws-sdk/client-ses';
import type { Config } from '../config/config.ts';
import type { CrmClient } from '../crm/crm-client.ts';
import type { Random } from '../random.ts';
import type { UserTable } from '../users/user-table.ts';

/** What an effect may use. */
export interface EffectPorts {
  config: Config;
  /** The client of a connection; it may be gone from the configuration since the user was created. */
  crm: (connection: string) => CrmClient | undefined;
  /** The API token of a connection: a secret that is not in the table. */
  apiToken: (connection: string) => Promise<string>;
  ses: Pick<SESClient, 'send'>;
  users: UserTable;
  random: Random;
  now: () => Date;
  sleep: (ms: number) => Promise<void>;
}
