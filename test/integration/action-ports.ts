import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import type { ActionPorts } from '../../functions/actions/ports.ts';
import type { Contact } from '../../functions/crm/connector.ts';
import type { CrmClient } from '../../functions/crm/crm-client.ts';
import { ContactNotFound } from '../../functions/crm/crm-errors.ts';
import type { ContactRequest } from '../../functions/jobs/contact-request.ts';
import type { Job } from '../../functions/jobs/job.ts';
import { secureRandom } from '../../functions/random.ts';
import { createUser, type NewUser } from '../../functions/users/create.ts';
import { findByContact } from '../../functions/users/find.ts';
import type { User } from '../../functions/users/user.ts';
import config from '../../usher.config.ts';
import { newEmail } from './contacts.ts';
import { beforeNth, newUser, startTable, type TestTable } from './store.ts';
import { inconsistencies } from './table-state.ts';

/** What an action works with: a table of its own, and a CRM that a test can change between any two calls. */
export interface TestPorts extends ActionPorts {
  users: TestTable;
  /** The contacts of the CRM, by id. */
  contacts: Map<string, Contact>;
  /** Called before every pull. */
  onLoad: ((contactId: string) => Promise<void> | void) | undefined;
  /** Ids of the contacts that were pulled. */
  loaded: string[];
  jobs: ActionPorts['jobs'] & { sent: Job[] };
}

export const encharge = 'encharge';

async function startPorts(): Promise<TestPorts> {
  const connection = config.connections[encharge];
  if (!connection) throw new Error('The configuration has no such connection.');
  const users = await startTable();
  const contacts = new Map<string, Contact>();
  const sent: Job[] = [];
  const crm: CrmClient = {
    async load(contactId) {
      ports.loaded.push(contactId);
      await ports.onLoad?.(contactId);
      const contact = contacts.get(contactId);
      if (!contact) throw new ContactNotFound();
      return contact;
    },
    loadByEmail: (email) =>
      Promise.resolve([...contacts.values()].find(({ fields }) => fields.get('email') === email)),
    writeField: () => Promise.reject(new Error('An action writes no field.')),
    list: () => Promise.reject(new Error('An action lists nobody.')),
    testCredentials: () => Promise.resolve(),
    fieldNames: () => Promise.resolve(new Set()),
  };
  const ports: TestPorts = {
    config,
    connection,
    crm,
    users,
    contacts,
    onLoad: undefined,
    loaded: [],
    jobs: {
      sent,
      send: (jobs) => Promise.resolve(void sent.push(...jobs)),
      store: () => Promise.reject(new Error('An action stores no batch.')),
    },
    random: secureRandom,
    now: () => users.time,
    sleep: () => Promise.resolve(),
  };
  return ports;
}

/** Puts a contact into the CRM, in place of the one with this id. */
export function setContact(
  { contacts }: TestPorts,
  id: string,
  fields: Record<string, unknown>,
  tags: string[] = [],
): void {
  const email = typeof fields['email'] === 'string' ? fields['email'] : undefined;
  contacts.set(id, { id, email, fields: new Map(Object.entries(fields)), tags });
}

/** A webhook for a contact. */
export const requestFor = (contactId: string, change: Partial<Omit<ContactRequest, 'contactId'>> = {}) => ({
  action: 'add' as const,
  connection: encharge,
  contactId,
  sendNotification: false,
  lane: 'live' as const,
  receivedAt: ports.now().toISOString(),
  requestId: 'request-1',
  ...change,
});

/** Does something once, right before the next transaction. */
export const beforeWrite = ({ users }: TestPorts, work: () => Promise<unknown>) =>
  beforeNth(users, 1, 'TransactWrite', work);

/** What a test leaves behind that the next one must not find. */
function tidy(ports: TestPorts): void {
  ports.onLoad = undefined;
  ports.users.meddle = undefined;
  ports.jobs.sent.length = 0;
  ports.loaded.length = 0;
}

/** A contact that is no user yet: its id and its address. */
export function newContact(ports: TestPorts, fields: Record<string, unknown> = {}, tags: string[] = []) {
  const [id, email] = [`new ${ports.contacts.size}`, newEmail('new')];
  setContact(ports, id, { email, ...fields }, tags);
  return { id, email };
}

/** The user of a contact; there has to be one. */
export async function userOf({ users }: TestPorts, contactId: string): Promise<User> {
  const user = await findByContact(users, encharge, contactId);
  if (!user) throw new Error('The contact has no user.');
  return user;
}

export let ports: TestPorts;

/** A table for the actions of one connection, for the tests of a file; each leaves it in order. */
export function useActionPorts(): void {
  beforeAll(async () => {
    ports = await startPorts();
  });
  afterEach(async () => {
    tidy(ports);
    expect(await inconsistencies(ports.users)).toEqual([]);
  });
  afterAll(() => ports.users.stop());
}

/** A user, whatever the CRM knows of it. */
export const create = (change: Partial<NewUser> = {}) => createUser(ports.users, newUser(change));

/** The id of a user's contact. */
export const contactOf = ({ contacts }: User) => String(contacts[encharge]);

/** A user and its contact, which agree. */
export async function person(
  change: Partial<NewUser> = {},
  fields: Record<string, unknown> = {},
): Promise<User> {
  const user = await create(change);
  setContact(ports, contactOf(user), { email: user.email, ...fields }, [...user.tags]);
  return user;
}
