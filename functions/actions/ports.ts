import type { Config, Connection } from '../config/config.ts';
import type { CrmClient } from '../crm/crm-client.ts';
import type { JobQueue } from '../jobs/job-queue.ts';
import type { Random } from '../random.ts';
import type { UserTable } from '../users/user-table.ts';

/** What an action may use: bound to one connection and to one invocation. */
export interface ActionPorts {
  config: Config;
  connection: Connection;
  crm: CrmClient;
  users: UserTable;
  jobs: JobQueue;
  random: Random;
  now: () => Date;
  sleep: (ms: number) => Promise<void>;
}
