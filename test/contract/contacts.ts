import { randomUUID } from 'node:crypto';
import type { User } from '../../functions/users/user.ts';
import type { Json } from '../../lib/sandbox/json.ts';
import type { SandboxCrm } from '../../lib/sandbox/sandbox.ts';
import type { TestStack } from '../support/test-stack.ts';
import { webhook } from '../support/webhook.ts';

/** Every rule is tried with each of them. */
export const crms = ['encharge', 'userengage'] as const satisfies readonly SandboxCrm[];

/** A contact in words that both CRMs have. */
export interface ContactDraft {
  email?: string | null;
  firstName?: string;
  lastName?: string;
  phone?: string | null;
  city?: string | null;
  tags?: readonly string[];
  /** Custom fields by their UserEngage names. */
  custom?: Record<string, Exclude<Json, object> | string[]>;
}

/** An address that nobody else in the run has. */
export const newEmail = (name = 'person') => `${name}.${randomUUID().slice(0, 8)}@example.com`;

const without = (values: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));

function fullName({ firstName, lastName }: ContactDraft): string | undefined {
  return firstName === undefined ? undefined : [firstName, lastName].filter(Boolean).join(' ');
}

const writers = {
  encharge(test: TestStack, id: string | undefined, draft: ContactDraft): string {
    const {
      tags,
      custom: { last_seen: lastSeen, ...custom } = {},
      email,
      firstName,
      lastName,
      phone,
      city,
    } = draft;
    const written = { email, firstName, lastName, name: fullName(draft), phone, city, lastSeen, ...custom };
    const before = id === undefined ? {} : (test.encharge.people.get(id) ?? { id });
    return test.encharge.people.put({ ...before, ...without({ ...written, tags: tags?.join(',') }) }).id;
  },
  userengage(test: TestStack, id: string | undefined, draft: ContactDraft): string {
    const { tags, custom, email, phone, city } = draft;
    const written = { email, name: fullName(draft), phone_number: phone, city, tags };
    const before = id === undefined ? undefined : (test.userengage.people.get(id) ?? { id: Number(id) });
    const attributes = { ...(before && 'attributes' in before ? before.attributes : {}), ...custom };
    return String(test.userengage.people.put({ ...before, ...without({ ...written, attributes }) }).id);
  },
};

/** Creates a contact in a CRM's sandbox, with an address of its own unless the draft has one. Answers its id. */
export function newContact(test: TestStack, crm: SandboxCrm, draft: ContactDraft = {}): string {
  return writers[crm](test, undefined, { email: newEmail(), ...draft });
}

/** Changes what the draft names. */
export function changeContact(test: TestStack, crm: SandboxCrm, id: string, draft: ContactDraft): void {
  writers[crm](test, id, draft);
}

/** What a CRM holds in a field of a contact, standard or custom. */
export function fieldInCrm(test: TestStack, crm: SandboxCrm, id: string, field: string): unknown {
  if (crm === 'encharge') return test.encharge.people.get(id)?.[field];
  const { attributes, ...standard } = test.userengage.people.get(id) ?? { attributes: {} };
  return { ...standard, ...attributes }[field];
}

/** What each CRM calls the field that the configuration returns passwords to. */
export const passwordField = { encharge: 'wpPassword', userengage: 'wp_password' } as const;

/** The user of a contact; there has to be one. */
export async function existingUser(test: TestStack, crm: SandboxCrm, id: string): Promise<User> {
  const user = await test.userOf(crm, id);
  if (!user) throw new Error(`No user belongs to contact ${id} of ${crm}.`);
  return user;
}

/** A contact that is a user already. */
export async function newUser(
  test: TestStack,
  crm: SandboxCrm,
  draft: ContactDraft = {},
): Promise<{ id: string; user: User }> {
  const id = newContact(test, crm, draft);
  const { status, text } = await webhook(test, crm, 'add', id);
  if (status !== 200) throw new Error(`The contact did not become a user: ${text}`);
  return { id, user: await existingUser(test, crm, id) };
}
