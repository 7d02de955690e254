import type { CrmApi } from './crm-api.ts';
import { loadPeople, savePeople } from './data-file.ts';
import { enchargeApi } from './encharge.ts';
import { enchargePersonShape, enchargeSeed } from './encharge-person.ts';
import { PeopleStore, type PersonShape, type SavedPeople, type StoredPerson } from './people-store.ts';
import type { PersonOf, SandboxCrm } from './sandbox.ts';
import { userEngageApi } from './userengage.ts';
import { userEngagePersonShape, userEngageSeed } from './userengage-person.ts';

/** One account of a CRM: its people and the API over them. */
export interface Account<C extends SandboxCrm> {
  people: PeopleStore<PersonOf[C]>;
  api: CrmApi;
}

export interface AccountOptions {
  token: string;
  dataFile?: string | undefined;
}

/** Opens the account saved in the data file, else a new one with the seed people. */
export function openAccount<C extends SandboxCrm>(crm: C, options: AccountOptions): Account<C> {
  return accounts[crm](options);
}

const accounts: { [C in SandboxCrm]: (options: AccountOptions) => Account<C> } = {
  encharge({ token, dataFile }) {
    const people = openPeople('encharge', enchargePersonShape, enchargeSeed, dataFile);
    return { people, api: enchargeApi(people, token) };
  },
  userengage({ token, dataFile }) {
    const people = openPeople('userengage', userEngagePersonShape, userEngageSeed, dataFile);
    return { people, api: userEngageApi(people, token) };
  },
};

function openPeople<P extends StoredPerson>(
  crm: SandboxCrm,
  shape: PersonShape<P>,
  seed: SavedPeople,
  dataFile: string | undefined,
): PeopleStore<P> {
  if (dataFile === undefined) return new PeopleStore(shape, { seed });
  return new PeopleStore(shape, {
    seed,
    saved: loadPeople(dataFile, crm),
    save: (saved) => savePeople(dataFile, crm, saved),
  });
}
