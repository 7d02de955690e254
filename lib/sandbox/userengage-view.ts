import type { PeopleStore } from './people-store.ts';
import { userEngageAttributes } from './userengage-attributes.ts';
import { type UserEngagePerson, userKey } from './userengage-person.ts';

export type ApiVersion = 1 | 2;

/**
 * A user as that version of the API answers it: https://apidocs.user.com/v1/users/ and https://apidocs.user.com/users/
 *
 * Version 1 lists custom attributes, version 2 has them among the standard fields. The vendor's own samples of
 * version 2 still show the list, recordings of it the flat keys: the sandbox keeps the two apart so that clients
 * meet both. A custom attribute named as a standard field (`score`, `last_seen`) hides it.
 */
export function viewUser(
  people: PeopleStore<UserEngagePerson>,
  person: UserEngagePerson,
  version: ApiVersion,
): object {
  const { user_id, tags, attributes, ...standard } = person;
  const custom = Object.entries(attributes);
  const view = {
    ...standard,
    ...Object.fromEntries(custom.filter(([name]) => name in standard)),
    chat_id: 'Chat ID is deprecated and will be removed in future',
    tags: tags.map((name) => ({ id: people.tagId(name), name })),
  };
  if (version === 2) return { ...view, user_key: userKey(person), custom_id: user_id, ...attributes };
  return {
    ...view,
    key: userKey(person),
    user_id,
    attributes: custom.flatMap(([name_std, value]) => {
      const attribute = userEngageAttributes.get(name_std);
      return attribute ? { id: attribute.id, name: attribute.name, name_std, value } : [];
    }),
  };
}
