import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll } from '@jest/globals';
import { findByContact } from '../../functions/users/find.ts';
import type { User } from '../../functions/users/user.ts';
import type { UserTable } from '../../functions/users/user-table.ts';
import { jsonLog } from '../../lib/dev/local-log.ts';
import { type LocalStack, type LocalStackOptions, startLocalStack } from '../../lib/dev/local-stack.ts';
import type { Sandbox } from '../../lib/sandbox/sandbox.ts';
import { type FakeSes, startFakeSes } from './fake-ses.ts';
import { noteLogLine, noteSecret } from './leaks.ts';
import { patientConfig } from './patient-config.ts';

/** The local stack with what tests need to look into it. */
export interface TestStack {
  stack: LocalStack;
  ses: FakeSes;
  encharge: Sandbox;
  userengage: Sandbox;
  users: UserTable;
  /** What the function has logged, line by line, parsed. */
  log: Record<string, unknown>[];
  userOf(connection: string, contactId: string | number): Promise<User | undefined>;
  /** When no job is visible or being worked on. Jobs that rest after a failure are not waited for. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

/** One-time keys and passwords that this stack has made. */
function noteMade({ ses, encharge, userengage }: Pick<TestStack, 'ses' | 'encharge' | 'userengage'>) {
  for (const mail of ses.mails) {
    for (const [, key] of mail.text?.matchAll(/key=([\w-]+)/g) ?? []) if (key) noteSecret(key);
  }
  for (const { fields } of [...encharge.people.list(), ...userengage.people.list()]) {
    if (typeof fields['wp_password'] === 'string') noteSecret(fields['wp_password']);
  }
}

/** Starts a stack of its own, with its own table in the shared DynamoDB Local and an SES that can fail. */
export async function startTestStack(options: Partial<LocalStackOptions> = {}): Promise<TestStack> {
  const ses = await startFakeSes();
  const log: Record<string, unknown>[] = [];
  const errors: unknown[] = [];
  const stack = await startLocalStack({
    config: patientConfig,
    port: 0,
    log: jsonLog((line) => {
      noteLogLine(line);
      log.push(JSON.parse(line) as Record<string, unknown>);
    }),
    running: {
      dynamodb: String(process.env['TEST_DYNAMODB']),
      sqs: String(process.env['TEST_SQS']),
      ses: ses.endpoint,
    },
    tableName: `test-${randomUUID()}`,
    onError: (error) => errors.push(error),
    ...options,
  });
  const sandbox = (name: string) => stack.connections[name]?.sandbox as Sandbox;
  const [encharge, userengage] = [sandbox('encharge'), sandbox('userengage')];
  for (const { accessKey, credentials } of Object.values(stack.connections)) {
    for (const secret of [accessKey, ...Object.values(credentials)]) noteSecret(secret);
  }
  noteSecret(stack.site.key);
  const users: UserTable = { documents: stack.services.documents, name: stack.table, now: () => new Date() };
  return {
    stack,
    ses,
    encharge,
    userengage,
    users,
    log,
    userOf: (connection, contactId) => findByContact(users, connection, String(contactId)),
    idle: () => stack.poller?.idle() ?? Promise.resolve(),
    async stop() {
      noteMade({ ses, encharge, userengage });
      await stack.stop();
      await ses.stop();
      if (errors.length > 0)
        throw new AggregateError(errors, 'The local stack met errors that nobody expected.');
    },
  };
}

/** The CRM that rules are tested with: none of them has to do with which one it is. */
export const crm = 'encharge';

/** The stack of the test file that runs. */
export let test: TestStack;

/** Starts a stack before the tests of a file, and stops it after them. */
export function useTestStack(options: Partial<LocalStackOptions> = {}): void {
  beforeAll(async () => {
    test = await startTestStack(options);
  });
  afterAll(() => test.stop());
}
