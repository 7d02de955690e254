import type { Config } from '../config/config.ts';
import { type CrmClient, createCrmClient } from '../crm/crm-client.ts';
import { createMemory, type Memory } from '../crm/memory.ts';
import { connectorOf } from '../crm/registry.ts';
import type { Transport } from '../crm/transport.ts';
import { describeError } from '../errors.ts';
import { createPace, type Pace } from '../pace/pace.ts';
import type { LaneName } from '../pace/rate.ts';
import type { PaceMemory } from '../pace/shared-state.ts';
import type { Turn } from '../pace/turn.ts';
import type { Random } from '../random.ts';
import type { UserTable } from '../users/user-table.ts';
import type { AwsClients } from './aws-clients.ts';
import { type Invocation, timed } from './invocation.ts';
import type { KeyRing } from './key-ring.ts';
import type { Log } from './log.ts';
import { type SignInPorts, signedIn } from './signed-in.ts';

/** Everything the Lambda uses, built once per process by the entry and passed on. */
export interface Services extends AwsClients {
  config: Config;
  transport: Transport;
  keyRing: KeyRing;
  /** Of the site's servers: neither kind of key opens the other's door. */
  siteKeys: Pick<KeyRing, 'connectionOf'>;
  log: Log;
  tableName: string;
  queueUrl: string;
  /** Where jobs go that are given up. */
  deadLetterUrl: string;
  /** Base URLs in place of the connectors' own, by connection. Only the local stack has any. */
  crmUrls: Readonly<Record<string, string>>;
  /** Shared by the invocations of a process. */
  paceMemory: PaceMemory;
  /** The same, of what conversations with each connection's CRM remember. */
  crmMemories: Map<string, Memory>;
  /** Connection → id of its secret. */
  secretIds: Readonly<Record<string, string>>;
  now: () => Date;
  random: Random;
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** One CRM call may take this long, in milliseconds; a webhook's response budget usually ends it sooner. */
const crmTimeoutMs = 10_000;

/** The pace has to be written even when the call that found it out has no more time. In milliseconds. */
const pacePatienceMs = 2000;

/** The user table, for one invocation. */
export function usersFor({ documents, tableName, now }: Services, invocation: Invocation): UserTable {
  return { documents: timed(documents, 'store', invocation), name: tableName, now };
}

/** The table, for what has to be written even when the invocation has no more time. */
export function patientTable(services: Services, invocation: Invocation): UserTable {
  const send = (command: never) => {
    const signal = AbortSignal.timeout(pacePatienceMs);
    return timed(services.documents, 'store', { ...invocation, signal }).send(command);
  };
  return {
    documents: { send: send as UserTable['documents']['send'] },
    name: services.tableName,
    now: services.now,
  };
}

/** For whom a CRM is called. */
export interface OnBehalf {
  lane: LaneName;
  turn: Turn;
  isPassing?: boolean;
  isTest?: boolean;
}

/** The pace at which the CRM of a connection may be called, for one invocation. */
export function paceFor(
  services: Services,
  connection: string,
  invocation: Invocation,
  whom: OnBehalf,
): Pace {
  const { random, log } = services;
  const onProblem = (error: unknown) =>
    log.problem('pace not written', { connection, error: describeError(error) });
  return createPace(
    {
      connection,
      table: patientTable(services, invocation),
      random,
      memories: services.paceMemory,
      onProblem,
    },
    {
      ...whom,
      randomInt: (max) => random.int(max),
      sleep: (ms) => services.sleep(ms, invocation.signal),
      onHeld: (reason) => {
        invocation.heldFor = reason;
      },
      onAccess: (news) => {
        invocation.access = news;
      },
    },
  );
}

function memoryOf({ crmMemories }: Services, connection: string): Memory {
  const memory = crmMemories.get(connection) ?? createMemory();
  crmMemories.set(connection, memory);
  return memory;
}

function signInPorts(services: Services, connection: string, invocation: Invocation): SignInPorts {
  return {
    keyRing: services.keyRing,
    secrets: services.secrets,
    now: services.now,
    // A token that was fetched is stored, even when the invocation has no more time.
    table: patientTable(services, invocation),
    connection,
    secretId: services.secretIds[connection] ?? '',
    sleep: (ms) => services.sleep(ms, invocation.signal),
    onProblem: (error) =>
      services.log.problem('sign-in not ended', { connection, error: describeError(error) }),
  };
}

/** The CRM client of a connection, for one invocation; undefined when the configuration does not name it. */
export function crmFor(
  services: Services,
  connection: string,
  invocation: Invocation,
  pace: Pace,
): CrmClient | undefined {
  const settings = services.config.connections[connection];
  if (!settings) return undefined;
  const connector = connectorOf(settings.crm);
  const api = connector.api(settings.settings);
  return createCrmClient({
    connector,
    api,
    baseUrl: services.crmUrls[connection] ?? api.baseUrl,
    credentials: (fetchToken, rejected) =>
      invocation.time('key', () => {
        if (!fetchToken) return services.keyRing.credentials(connection);
        return signedIn(signInPorts(services, connection, invocation), fetchToken, rejected);
      }),
    wanted: Object.values(settings.fields).map(({ field }) => field),
    memory: memoryOf(services, connection),
    pace,
    transport: (request, signal) => invocation.time('crm', () => services.transport(request, signal)),
    signal: invocation.signal,
    timeoutMs: crmTimeoutMs,
    now: services.now,
    sleep: services.sleep,
    onCall: ({ status }) => {
      invocation.crmCalls += 1;
      if (status === 401 || status === 403) services.keyRing.doubt();
    },
  });
}
