import { randomUUID } from 'node:crypto';
import type { User } from '../../functions/users/user.ts';
import type { Json } from '../../lib/sandbox/json.ts';
import type { Sandbox } from '../../lib/sandbox/sandbox.ts';
import type { TestStack } from '../support/test-stack.ts';
import type { TestedCrm } from '../support/tested-crm.ts';
import { webhook } from '../support/webhook.ts';

/** Every rule is tried with each of them. */
export const crms = ['encharge', 'userengage'] as const satisfies readonly TestedCrm[];

/** A contact in the sandboxes' words. */
export interface ContactDraft {
  email?: string | null;
  firstName?: string;
  lastName?: string;
  phone?: string | null;
  city?: string | null;
  tags?: readonly string[];
  /** Custom fields by the sandboxes' names. */
  custom?: Record<string, Exclude<Json, object> | string[]>;
}

/** An address that nobody else in the run has. */
export const newEmail = (name = 'person') => `${name}.${randomUUID().slice(0, 8)}@example.com`;

/** What the draft names, on top of what was there. */
function write({ people }: Sandbox, id: string | undefined, draft: ContactDraft): string {
  const before = id === undefined ? undefined : people.get(id);
  const { email, tags, custom, ...standard } = draft;
  return people.put({
    ...before,
    ...(id === undefined ? {} : { id }),
    ...(email === undefined ? {} : { email }),
    ...(tags === undefined ? {} : { tags }),
    fields: { ...before?.fields, ...standard, ...custom },
  }).id;
}

/** Creates a contact in a CRM's sandbox, with an address of its own unless the draft has one. Answers its id. */
export function newContact(test: TestStack, crm: TestedCrm, draft: ContactDraft = {}): string {
  return write(test[crm], undefined, { email: newEmail(), ...draft });
}

/** Changes what the draft names. */
export function changeContact(test: TestStack, crm: TestedCrm, id: string, draft: ContactDraft): void {
  write(test[crm], id, draft);
}

/** What a CRM holds in a field of a contact, standard or custom, by the CRM's name. */
export function fieldInCrm(test: TestStack, crm: TestedCrm, id: string, field: string): unknown {
  return test[crm].people.get(id)?.fields[field === 'wpPassword' ? 'wp_password' : field];
}

/** What each CRM calls the field that the configuration returns passwords to. */
export const passwordField = { encharge: 'wpPassword', userengage: 'wp_password' } as const;

/** The user of a contact; there has to be one. */
export async function existingUser(test: TestStack, crm: TestedCrm, id: string): Promise<User> {
  const user = await test.userOf(crm, id);
  if (!user) throw new Error(`No user belongs to contact ${id} of ${crm}.`);
  return user;
}

/** A contact that is a user already. */
export async function newUser(
  test: TestStack,
  crm: TestedCrm,
  draft: ContactDraft = {},
): Promise<{ id: string; user: User }> {
  const id = newContact(test, crm, draft);
  const { status, text } = await webhook(test, crm, 'add', id);
  if (status !== 200) throw new Error(`The contact did not become a user: ${text}`);
  return { id, user: await existingUser(test, crm, id) };
}
