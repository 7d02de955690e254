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

/** A webhook of the CRM for everybody whom a request to its API creates or changes, and what became of it. */
export interface RegisteredWebhook {
  url: string;
  /** How many are sent at most. */
  limit: number;
  sent: number;
  /** Not sent any more: a loop ends here. */
  heldBack: number;
  /** Sent, and without an answer yet. */
  underWay: number;
  /** Sent, and never answered. */
  failed: number;
  /** Status → how many were answered with it. */
  answers: Readonly<Record<string, number>>;
}

/** The automation "when a contact changes, call this URL". Only URLs on this machine are called. */
export interface SandboxWebhooks {
  /**
   * @param limit 1,000 unless told
   * @throws {InvalidWebhook}
   */
  register(webhook: { url: string; limit?: number | undefined }): void;
  list(): RegisteredWebhook[];
  clear(): void;
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
  webhooks: SandboxWebhooks;
  /** Ends the server with all its connections, kept-alive, hanging and slow ones too. */
  stop(): Promise<void>;
}
