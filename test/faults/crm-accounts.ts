import type { LocalStack } from '../../lib/dev/local-stack.ts';
import type { Sandbox } from '../../lib/sandbox/sandbox.ts';
import type { Person } from './person.ts';

/** What the CRM says of fields that were emptied; undefined for those that it does not name any more. */
function emptyFields({ emptied }: Person): Record<string, null | '' | undefined> {
  const shown = { null: null, blank: '', missing: undefined } as const;
  return Object.fromEntries(Object.entries(emptied).map(([key, as]) => [key, shown[as]]));
}

function withoutMissing<Value>(fields: Record<string, Value | undefined>): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([key, value]): [string, Value][] =>
      value === undefined ? [] : [[key, value]],
    ),
  );
}

/** The two CRM accounts, written to as their users do it in the browser. */
export class CrmAccounts {
  readonly encharge: Sandbox;
  readonly userengage: Sandbox;

  constructor({ connections }: LocalStack) {
    this.encharge = connections['encharge']?.sandbox as Sandbox;
    this.userengage = connections['userengage']?.sandbox as Sandbox;
    for (const { people } of [this.encharge, this.userengage]) {
      for (const { id } of people.list()) people.remove(id);
    }
  }

  /** Creates a person's contact or writes what the model says to it; what Usher wrote there stays. */
  put(person: Person, id: string): void {
    const { email, first, last, tags, crm } = person;
    const { people } = this[crm];
    const before = people.get(id);
    const named = { firstName: first, lastName: last, ...person.fields, ...emptyFields(person) };
    const fields = withoutMissing({ ...before?.fields, ...named });
    people.put({ ...before, id, email, tags, fields });
  }

  remove({ crm }: Person, id: string): void {
    this[crm].people.remove(id);
  }

  /** The password that Usher wrote to a contact. */
  returnedPassword({ crm, contactId = '' }: Person): unknown {
    return this[crm].people.get(contactId)?.fields['wp_password'];
  }

  /** Contacts that nobody made: Encharge creates one when a field of an unknown one is written. */
  ghosts(known: ReadonlySet<string>): string[] {
    return this.encharge.people.list().flatMap(({ id }) => (known.has(id) ? [] : [id]));
  }

  clearFaults(): void {
    this.encharge.faults.clear();
    this.userengage.faults.clear();
  }
}
