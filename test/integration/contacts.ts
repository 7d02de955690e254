import type { TestStack } from '../support/test-stack.ts';
import type { TestedCrm } from '../support/tested-crm.ts';

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

let made = 0;

/** An address that no other contact has. */
export function newEmail(name = 'person'): string {
  made += 1;
  return `${name}-${made}@example.com`;
}

/** Creates a contact in a CRM's sandbox, or changes the one with this id, and answers its id. */
export function putContact(test: TestStack, crm: TestedCrm, data: ContactData, id?: string): string {
  const { email, tags, first = 'Ada', last = 'Lovelace', city = null, custom = {} } = data;
  const { people } = test[crm];
  const before = id === undefined ? undefined : people.get(id);
  const fields = { ...before?.fields, firstName: first, lastName: last, city, ...custom };
  return people.put({ ...before, email, tags, fields }).id;
}

/** The mails that went to an address. */
export function mailsTo(test: TestStack, email: string) {
  return test.ses.mails.filter(({ to }) => to.includes(email));
}
