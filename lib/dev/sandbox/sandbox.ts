import type { EnchargePerson } from './encharge-person.ts';
import type { Fault } from './fault.ts';
import type { RecordedRequest } from './request-log.ts';
import type { UserEngagePerson } from './userengage-person.ts';

/** A person in the shape in which that CRM's sandbox stores it. */
export interface PersonOf {
  encharge: EnchargePerson;
  userengage: UserEngagePerson;
}

export type SandboxCrm = keyof PersonOf;

/** The people of a sandbox for the process that runs it. What goes in and comes out are copies. */
export interface SandboxPeople<P> {
  get(id: string | number): P | undefined;
  list(): P[];
  /**
   * Creates or replaces a person; what is left out gets its default, a missing id a new one.
   * @throws {InvalidPerson}
   */
  put(person: Partial<P>): P;
  /** Whether there was such a person. */
  remove(id: string | number): boolean;
  /** Back to the 25 people of `people.ts`. */
  reset(): void;
}

/** A CRM on this machine: answers the documented API and can be edited and made to fail. */
export interface Sandbox<C extends SandboxCrm = SandboxCrm> {
  crm: C;
  /** The API's base URL, which ends as the real one does: `…/v1` for Encharge, `…/api/public/` for UserEngage. */
  url: string;
  /** Where people, faults and requests can be reached over HTTP, without a token. */
  control: string;
  token: string;
  people: SandboxPeople<PersonOf[C]>;
  faults: {
    /** @throws {InvalidFault} */
    inject(fault: Fault): void;
    list(): Fault[];
    clear(): void;
  };
  requests: {
    list(): RecordedRequest[];
    /** How many since the start or the last `clear`. */
    count(): number;
    clear(): void;
  };
  /** Ends the server with all its connections, kept-alive, hanging and slow ones too. */
  stop(): Promise<void>;
}
