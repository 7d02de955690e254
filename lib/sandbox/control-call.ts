import type { Faults } from './faults.ts';
import type { Json } from './json.ts';
import type { Limits } from './limits.ts';
import type { PeopleStore } from './people-store.ts';
import type { RequestLog } from './request-log.ts';
import type { SandboxWebhooks } from './sandbox.ts';

/** What can be reached under `/_sandbox`. */
export interface Controlled {
  crm: string;
  people: PeopleStore;
  faults: Faults;
  limits: Limits;
  requests: RequestLog;
  webhooks: SandboxWebhooks;
}

export interface ControlCall extends Controlled {
  /** The person in the path, or an empty text. */
  id: string;
  body: Json | undefined;
}
