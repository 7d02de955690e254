import { isJsonObject, type JsonObject } from './json.ts';
import { seededAt, seedPeople } from './people.ts';
import { checkPerson, type Person } from './person.ts';

export interface SavedPeople {
  /** How many ids were given: none is given twice. */
  lastNumber: number;
  tags: readonly string[];
  people: readonly object[];
}

interface PeopleStoreOptions {
  /** The id of the account's nth person. */
  idOf: (number: number) => string;
  /** What to begin with, when it is not the seed. */
  saved?: SavedPeople | undefined;
  /** Called with everything after each change. */
  save?: ((saved: SavedPeople) => void) | undefined;
}

/**
 * The people of one CRM account, and the account's tags in the order they came up (which numbers them).
 * A stored person is never changed, only replaced, so whoever read one keeps what it read.
 */
export class PeopleStore {
  readonly #options: PeopleStoreOptions;
  readonly #people = new Map<string, Person>();
  readonly #tagIds = new Map<string, number>();
  #lastNumber = 0;
  /** Grows with every change: what was found out before it may be otherwise now. */
  revision = 0;
  /** By id, while somebody wants to know what changes. */
  #changes: Map<string, Person> | undefined;

  constructor(options: PeopleStoreOptions) {
    this.#options = options;
    this.#fill(options.saved ?? seed);
  }

  get size(): number {
    return this.#people.size;
  }

  get(id: string | number): Person | undefined {
    return this.#people.get(String(id));
  }

  all(): IterableIterator<Person> {
    return this.#people.values();
  }

  /** Everybody with this address, whatever its case. */
  byEmail(email: string): Person[] {
    const wanted = email.toLowerCase();
    return [...this.all()].filter((person) => person.email?.toLowerCase() === wanted);
  }

  /** Creates or replaces a person; without an id a new one is given. @throws {InvalidPerson} */
  put(draft: object): Person {
    const person = this.#place(draft);
    this.#changes?.set(person.id, person);
    this.#changed();
    return person;
  }

  /** Does something, and answers the people that it created or changed. */
  changesBy<Result>(work: () => Result): { result: Result; changed: Person[] } {
    const changes = new Map<string, Person>();
    this.#changes = changes;
    try {
      return { result: work(), changed: [...changes.values()] };
    } finally {
      this.#changes = undefined;
    }
  }

  /** Changes what the patch names, fields one by one. @throws {InvalidPerson} */
  merge(person: Person, patch: JsonObject): Person {
    const { fields } = patch;
    const merged = isJsonObject(fields) ? { ...patch, fields: { ...person.fields, ...fields } } : patch;
    return this.put({ ...person, ...merged, id: person.id });
  }

  remove(id: string | number): boolean {
    const wasThere = this.#people.delete(String(id));
    this.revision += 1;
    if (wasThere) this.#changed();
    return wasThere;
  }

  /** Back to the people of `people.ts`. */
  reset(): void {
    this.#people.clear();
    this.#tagIds.clear();
    this.revision += 1;
    this.#fill(seed);
    this.#changed();
  }

  tags(): IterableIterator<[name: string, id: number]> {
    return this.#tagIds.entries();
  }

  /** The number of a tag, which the account gets now if it has none of that name. */
  tagId(name: string): number {
    const id = this.#tagIds.get(name) ?? this.#tagIds.size + 1;
    this.#tagIds.set(name, id);
    return id;
  }

  #fill({ lastNumber, tags, people }: SavedPeople): void {
    this.#lastNumber = lastNumber;
    for (const tag of tags) this.tagId(tag);
    for (const person of people) this.#place(person);
  }

  #changed(): void {
    this.#options.save?.({
      lastNumber: this.#lastNumber,
      tags: [...this.#tagIds.keys()],
      people: [...this.#people.values()],
    });
  }

  #place(draft: object): Person {
    const isNew = !('id' in draft) || draft.id === undefined || draft.id === null;
    const person = checkPerson(isNew ? { ...draft, id: this.#newId() } : draft);
    this.#people.set(person.id, person);
    this.revision += 1;
    for (const tag of labelsOf(person)) this.tagId(tag);
    return person;
  }

  #newId(): string {
    for (;;) {
      this.#lastNumber += 1;
      const id = this.#options.idOf(this.#lastNumber);
      if (!this.#people.has(id)) return id;
    }
  }
}

const seed: SavedPeople = {
  lastNumber: 0,
  tags: [],
  people: seedPeople.map((person) => ({ ...person, createdAt: seededAt, updatedAt: seededAt })),
};

/** A person's tags as a CRM keeps them by number: each once, none of them blank. */
export function labelsOf({ tags }: Person): string[] {
  return [...new Set(tags)].filter((tag) => tag.trim() !== '');
}
