import type { Config } from '../config/config.ts';
import { type CrmClient, createCrmClient } from '../crm/crm-client.ts';
import { connectorOf } from '../crm/registry.ts';
import type { Transport } from '../crm/transport.ts';
import { describeError } from '../errors.ts';
import { createPace, type Pace, type RecentPauses } from '../pacing/pace.ts';
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
  /** Shared by the invocations of a process. */
  recentPauses: RecentPauses;
  now: () => Date;
  random: Random;
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** One CRM call may take this long, in milliseconds; a webhook's response budget usually ends it sooner. */
const crmTimeoutMs = 10_000;

/** A pause has to be written even when the call that found it out has no more time. In milliseconds. */
const pausePatienceMs = 2000;

/** The user table, for one invocation. */
export function usersFor({ documents, tableName, now }: Services, call: Call): UserTable {
  return { documents: timed(documents, 'store', call), name: tableName, now };
}

/** The pace at which the CRM of a connection may be called, for one invocation. */
export function paceFor(services: Services, connection: string, call: Call, isTest = false): Pace {
  const documents: UserTable['documents'] = {
    send: ((command: never) =>
      timed(services.documents, 'store', { ...call, signal: AbortSignal.timeout(pausePatienceMs) }).send(
        command,
      )) as UserTable['documents']['send'],
  };
  return createPace({
    connection,
    table: { documents, name: services.tableName, now: services.now },
    random: services.random,
    recent: services.recentPauses,
    isTest,
    onHeld: (reason) => {
      call.heldFor = reason;
    },
    onCredentials: (state) => {
      call.credentials = state;
    },
    onProblem: (error) =>
      services.log.problem('pause not written', { connection, error: describeError(error) }),
  });
}

/** The CRM client of a connection, for one invocation; undefined when the configuration does not name it. */
export function crmFor(
  services: Services,
  connection: string,
  call: Call,
  pace = paceFor(services, connection, call),
): CrmClient | undefined {
  const settings = services.config.connections[connection];
  if (!settings) return undefined;
  const connector = connectorOf(settings.crm);
  return createCrmClient({
    connector,
    baseUrl: services.crmUrls[connection] ?? connector.baseUrl(settings.settings),
    apiToken: () => call.time('key', () => services.keyRing.apiToken(connection)),
    pace,
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
