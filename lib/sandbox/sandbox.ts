import type { CrmName } from '../../functions/crm/registry.ts';
import type { Fault } from './fault.ts';
import type { Limit } from './limits.ts';
import type { Person, PersonDraft } from './person.ts';
import type { RecordedRequest } from './request-log.ts';

/** Every CRM has a sandbox. */
export type SandboxCrm = CrmName;

/** The people of a sandbox for the process that runs it. What goes in and comes out are copies. */
export interface SandboxPeople {
  get(id: string | number): Person | undefined;
  list(): Person[];
  /**
   * Creates or replaces a person; what is left out gets its default, a missing id a new one.
   * @throws {InvalidPerson}
   */
  put(person: PersonDraft): Person;
  /** Whether there was such a person. */
  remove(id: string | number): boolean;
  /** Back to the 25 people of `people.ts`. */
  reset(): void;
}

/** A webhook of the CRM for everybody whom a request to its API creates or changes. Only URLs on this machine are called. */
export interface SandboxWebhook {
  url: string;
  /** How many are sent at most; 1,000 unless told. */
  limit?: number | undefined;
  /** Which of the CRM's webhooks; the usual one unless told. */
  kind?: string | undefined;
  /** So many changed contacts in one, where the CRM sends batches; 1 unless told. */
  batch?: number | undefined;
}

/** What became of a webhook. */
export interface RegisteredWebhook extends SandboxWebhook {
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

/** The automations "when a contact changes, call this URL". */
export interface SandboxWebhooks {
  /** @throws {InvalidWebhook} */
  register(webhook: SandboxWebhook): void;
  list(): RegisteredWebhook[];
  clear(): void;
}

/** A CRM on this machine: answers the documented API and can be edited and made to fail. */
export interface Sandbox {
  crm: CrmName;
  /** The API's base URL, which ends as the real one does: with or without a slash. */
  url: string;
  /** Where people, faults and requests can be reached over HTTP, without a token. */
  control: string;
  token: string;
  people: SandboxPeople;
  faults: {
    /** @throws {InvalidFault} */
    inject(fault: Fault): void;
    list(): Fault[];
    clear(): void;
  };
  /** The vendor's limits: off until they are switched on. */
  limits: {
    readonly isOn: boolean;
    switch(isOn: boolean): void;
    list(): readonly Limit[];
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
