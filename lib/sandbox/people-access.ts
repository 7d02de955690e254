import type { PeopleStore, StoredPerson } from './people-store.ts';
import type { SandboxPeople } from './sandbox.ts';

/** The store for those who must not be able to change what is in it by the way. */
export function peopleAccess<P extends StoredPerson>(people: PeopleStore<P>): SandboxPeople<P> {
  return {
    get: (id) => structuredClone(people.get(id)),
    list: () => structuredClone([...people.all()]),
    put: (person) => structuredClone(people.put(structuredClone(person))),
    remove: (id) => people.remove(id),
    reset: () => people.reset(),
  };
}
