import { randomUUID } from 'node:crypto';
import type { SandboxCrm } from '../../lib/sandbox/sandbox.ts';
import type { TestStack } from '../support/test-stack.ts';

/** A contact in the terms that both CRMs share. */
export interface ContactData {
  email: string | null;
  tags: readonly string[];
  first?: string;
  last?: string;
  city?: string | null;
  /** Custom fields, which both sandbox accounts have under the same names. */
  custom?: Readonly<Record<string, string | number | boolean>>;
}

export const crms = ['encharge', 'userengage'] as const;

let made = 0;

/** An address that no other contact has. */
export function newEmail(name = 'person'): string {
  made += 1;
  return `${name}-${made}@example.com`;
}

/** Creates a contact in a CRM's sandbox, or changes the one with this id, and answers its id. */
export function putContact(test: TestStack, crm: SandboxCrm, data: ContactData, id?: string): string {
  const { email, tags, first = 'Ada', last = 'Lovelace', city = null, custom = {} } = data;
  const common = { email, name: `${first} ${last}`, city };
  if (crm === 'encharge') {
    const names = { firstName: first, lastName: last };
    const before = id === undefined ? { id: randomUUID() } : test.encharge.people.get(id);
    return test.encharge.people.put({ ...before, ...common, ...names, ...custom, tags: tags.join(',') }).id;
  }
  const before = id === undefined ? undefined : test.userengage.people.get(id);
  const attributes = { ...before?.attributes, ...custom };
  return String(test.userengage.people.put({ ...before, ...common, attributes, tags: [...tags] }).id);
}

/** The password that was written back to a contact. */
export function returnedPassword(test: TestStack, crm: SandboxCrm, id: string): unknown {
  return crm === 'encharge'
    ? test.encharge.people.get(id)?.['wpPassword']
    : test.userengage.people.get(id)?.attributes['wp_password'];
}

/** The mails that went to an address. */
export function mailsTo(test: TestStack, email: string) {
  return test.ses.mails.filter(({ to }) => to.includes(email));
}
