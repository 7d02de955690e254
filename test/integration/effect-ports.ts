import type { SendEmailCommandInput } from '@aws-sdk/client-ses';
import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { defineConfig } from '../../functions/config/define-config.ts';
import type { EffectPorts } from '../../functions/effects/ports.ts';
import { type EffectsOutcome, runEffects } from '../../functions/effects/run-effects.ts';
import type { EffectsJob } from '../../functions/jobs/job.ts';
import { secureRandom } from '../../functions/random.ts';
import { createUser, type NewUser } from '../../functions/users/create.ts';
import { findById } from '../../functions/users/find.ts';
import type { EffectName, User } from '../../functions/users/user.ts';
import { type CrmServer, startCrmServer } from '../unit/crm/crm-server.ts';
import { exampleInput } from '../unit/example-config.ts';
import { newUser, startTable, type TestTable } from './store.ts';

const connections = {
  encharge: { crm: 'encharge', returnPassword: { field: 'wpPassword' } },
  userengage: { crm: 'userengage', account: 'acme', returnPassword: { field: 'wp_password' } },
} as const;
const config = defineConfig(exampleInput({ connections }));

export let table: TestTable;
/** The CRM of both connections. It knows nobody until a test says otherwise. */
export let crm: CrmServer;
/** The mails that SES was given. */
export const mails: SendEmailCommandInput[] = [];
/** Pauses between looks for a user, in milliseconds. */
export const pauses: number[] = [];

/** Starts a table and a CRM for the tests of one file. */
export function useEffectPorts(): void {
  beforeAll(async () => {
    [table, crm] = await Promise.all([startTable(), startCrmServer()]);
  });
  afterAll(async () => {
    table.stop();
    await crm.stop();
  });
  beforeEach(() => {
    [mails.length, pauses.length, table.meddle] = [0, 0, undefined];
    crm.answer({ body: { users: [] } });
  });
}

/** An SES that does with a mail what a test says. */
export const sesWith = (send: (input: SendEmailCommandInput) => Promise<unknown>) =>
  ({ send: ({ input }: { input: SendEmailCommandInput }) => send(input) }) as unknown as EffectPorts['ses'];

let made = 0;
/** The id of a contact that no other test has, fit for both CRMs. */
export function newContactId(): string {
  made += 1;
  return String(made);
}

/** A user that is not created yet, and what is due for it. */
export function plan(effects: readonly EffectName[], contacts?: Record<string, string>): NewUser {
  const since = table.now().toISOString();
  const due = Object.fromEntries(effects.map((name) => [name, { since }]));
  return newUser({ effects: due, contacts: contacts ?? { encharge: newContactId() } });
}

export async function create(...given: Parameters<typeof plan>): Promise<NewUser> {
  const user = plan(...given);
  await createUser(table, user);
  return user;
}

export async function stored({ id }: NewUser): Promise<User> {
  const user = await findById(table, id);
  if (!user) throw new Error('There is no user.');
  return user;
}

/** Works on the job of a user: with these ports, and with such a job, where it matters. */
export function work(
  { id, contacts }: NewUser,
  ports: Partial<EffectPorts> = {},
  job: Partial<EffectsJob> = {},
): Promise<EffectsOutcome> {
  const [connection = '', contactId = ''] = Object.entries(contacts)[0] ?? [];
  const createdAt = table.now().toISOString();
  return runEffects(
    {
      kind: 'effects',
      id: 'j1',
      userId: id,
      connection,
      contactId,
      lane: 'live',
      requestId: 'r1',
      createdAt,
      ...job,
    },
    {
      config,
      crm: (name) => (name in connections ? crm.client(name as keyof typeof connections) : undefined),
      apiToken: (name) => Promise.resolve(`token of ${name}`),
      ses: sesWith((input) => Promise.resolve(void mails.push(input))),
      users: table,
      random: secureRandom,
      now: table.now,
      sleep: (ms) => Promise.resolve(void pauses.push(ms)),
      ...ports,
    },
  );
}
