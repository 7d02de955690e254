import type { ApiRequest } from './crm-api.ts';
import type { JsonObject } from './json.ts';
import type { PeopleStore } from './people-store.ts';
import type { UserEngagePerson } from './userengage-person.ts';
import type { ApiVersion } from './userengage-view.ts';

/** An authorised request to an endpoint that exists, with what its path, headers and body say. */
export interface UserEngageCall {
  people: PeopleStore<UserEngagePerson>;
  request: ApiRequest;
  version: ApiVersion;
  /** The id in the path, or an empty text. */
  id: string;
  /** The user of that id, for paths below `users/`. */
  user: UserEngagePerson | undefined;
  /** The body; an empty object when there is none. */
  fields: JsonObject;
}
