import type { Config } from '../config/config.ts';
import { type CrmClient, createCrmClient } from '../crm/crm-client.ts';
import { connectorOf } from '../crm/registry.ts';
import type { Transport } from '../crm/transport.ts';
import type { Random } from '../random.ts';
import type { UserTable } from '../users/user-table.ts';
import type { AwsClients } from './aws-clients.ts';
import { type Call, timed } from './call.ts';
import type { KeyRing } from './key-ring.ts';
import type { Log } from './log.ts';

/** Everything the Lambda uses, built once per process by the entry and passed on. */
export interface Services extends AwsClients {
  config: Config;
  transport: Transport;
  keyRing: KeyRing;
  log: Log;
  tableName: string;
  queueUrl: string;
  /** Base URLs in place of the connectors' own, by connection. Only the local stack has any. */
  crmUrls: Readonly<Record<string, string>>;
  now: () => Date;
  random: Random;
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** One CRM call may take this long, in milliseconds; a webhook's response budget usually ends it sooner. */
const crmTimeoutMs = 10_000;

/** The user table, for one invocation. */
export function usersFor({ documents, tableName, now }: Services, call: Call): UserTable {
  return { documents: timed(documents, 'store', call), name: tableName, now };
}

/** The CRM client of a connection, for one invocation. */
export async function crmFor(
  services: Services,
  connection: string,
  call: Call,
): Promise<CrmClient | undefined> {
  const settings = services.config.connections[connection];
  if (!settings) return undefined;
  const connector = connectorOf(settings.crm);
  const apiToken = await call.time('key', () => services.keyRing.apiToken(connection));
  return createCrmClient({
    connector,
    baseUrl: services.crmUrls[connection] ?? connector.baseUrl(settings.settings),
    apiToken,
    transport: (request, signal) => call.time('crm', () => services.transport(request, signal)),
    signal: call.signal,
    timeoutMs: crmTimeoutMs,
    now: services.now,
    sleep: services.sleep,
    onCall: ({ status }) => {
      call.crmCalls += 1;
      if (status === 401 || status === 403) services.keyRing.doubt();
    },
  });
}
