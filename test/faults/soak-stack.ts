import { randomUUID } from 'node:crypto';
import { secureRandom } from '../../functions/random.ts';
import { createKeyRing } from '../../functions/runtime/key-ring.ts';
import type { Log } from '../../functions/runtime/log.ts';
import type { Services } from '../../functions/runtime/services.ts';
import type { UserTable } from '../../functions/users/user-table.ts';
import { secretId } from '../../lib/dev/local-connections.ts';
import { type LocalStack, startLocalStack } from '../../lib/dev/local-stack.ts';
import { type FakeSes, startFakeSes } from '../support/fake-ses.ts';
import { CrmAccounts } from './crm-accounts.ts';
import { FaultyAws, type FaultyAwsPorts } from './faulty-aws.ts';
import { FaultyCrm, type FaultyCrmPorts } from './faulty-crm.ts';
import { currentInvocation } from './invocation.ts';
import { soakConfig } from './soak-config.ts';

export interface SoakStackPorts extends FaultyAwsPorts, Omit<FaultyCrmPorts, 'sandboxes' | 'weather'> {
  crmWeather: FaultyCrmPorts['weather'];
  /** Real milliseconds that a webhook may take just now. */
  budgetMs: () => number;
  /** Endpoint of the DynamoDB Local that is running. */
  dynamodb: string;
  log: Log;
  onError: (error: unknown) => void;
}

/** The local stack, without poller, with faults between the function and everything outside it. */
export interface SoakStack {
  stack: LocalStack;
  ses: FakeSes;
  crm: CrmAccounts;
  aws: FaultyAws;
  /** The table, without faults. */
  users: UserTable;
  stop(): Promise<void>;
}

export async function startSoakStack(ports: SoakStackPorts): Promise<SoakStack> {
  const { now, dynamodb, log, onError } = ports;
  const ses = await startFakeSes();
  const aws = new FaultyAws(ports);
  const outside: { stack?: LocalStack } = {};
  const faultyCrm = new FaultyCrm({
    ...ports,
    weather: ports.crmWeather,
    sandboxes: () => Object.values(outside.stack?.connections ?? {}).flatMap(({ sandbox }) => sandbox ?? []),
  });
  const adjust = (services: Services): Services => {
    const names = Object.keys(services.config.connections);
    return {
      ...services,
      config: Object.defineProperty({ ...services.config }, 'responseBudgetMs', { get: ports.budgetMs }),
      documents: aws.wrap(services.documents, 'dynamodb'),
      sqs: aws.wrap(services.sqs, 'sqs'),
      ses: aws.wrap(services.ses, 'ses'),
      transport: faultyCrm.wrap(services.transport),
      keyRing: createKeyRing({
        secrets: services.secrets,
        secretIds: Object.fromEntries(names.map((name) => [name, secretId(name)])),
        now,
        onProblem: (connection) => log.problem('secret unreadable', { connection }),
      }),
      now,
      random: {
        uuid: () => (currentInvocation()?.random ?? secureRandom).uuid(),
        bytes: (size) => (currentInvocation()?.random ?? secureRandom).bytes(size),
        int: (max) => (currentInvocation()?.random ?? secureRandom).int(max),
      },
    };
  };
  try {
    const stack = await startLocalStack({
      config: soakConfig,
      port: 0,
      log,
      running: { dynamodb, ses: ses.endpoint },
      tableName: `soak-${randomUUID()}`,
      adjust,
      withPoller: false,
      onError,
    });
    outside.stack = stack;
    return {
      stack,
      ses,
      crm: new CrmAccounts(stack),
      aws,
      users: { documents: stack.services.documents, name: stack.table, now },
      async stop() {
        await stack.stop();
        await ses.stop();
      },
    };
  } catch (error) {
    await ses.stop();
    throw error;
  }
}
