import type { Faults } from './faults.ts';
import type { Json } from './json.ts';
import type { PeopleStore, StoredPerson } from './people-store.ts';
import type { RequestLog } from './request-log.ts';

/** What can be reached under `/_sandbox`. */
export interface Controlled {
  crm: string;
  people: PeopleStore<StoredPerson>;
  faults: Faults;
  requests: RequestLog;
}

export interface ControlCall extends Controlled {
  /** The person in the path, or an empty text. */
  id: string;
  body: Json | undefined;
}
