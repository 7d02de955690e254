import { isJsonObject, type JsonObject } from './json.ts';

export interface StoredPerson {
  id: string | number;
  email: string | null;
}

/** What the store must know of a CRM's own shape of a person. */
export interface PersonShape<P extends StoredPerson> {
  /** Checks a person and fills in what is missing. @throws {InvalidPerson} */
  complete(draft: object): P;
  /** The id of a new person, when numbers up to this one are taken. */
  newId(highestNumber: number): P['id'];
  tagsOf(person: P): readonly string[];
}

/** Somebody tried to store what is no person of this CRM. The message says where it is wrong. */
export class InvalidPerson extends Error {
  override name = 'InvalidPerson';
}

export interface SavedPeople {
  tags: readonly string[];
  people: readonly object[];
}

interface PeopleStoreOptions {
  /** What `reset` goes back to. */
  seed: SavedPeople;
  /** What to begin with, when it is not the seed. */
  saved?: SavedPeople | undefined;
  /** Called with everything after each change. */
  save?: ((saved: SavedPeople) => void) | undefined;
}

/**
 * The people of one CRM account, and the account's tags in the order they came up (which numbers them).
 * A stored person is never changed, only replaced, so whoever read one keeps what it read.
 */
export class PeopleStore<P extends StoredPerson> {
  readonly #shape: PersonShape<P>;
  readonly #options: PeopleStoreOptions;
  readonly #people = new Map<string, P>();
  readonly #idsByEmail = new Map<string, Set<string>>();
  readonly #tagIds = new Map<string, number>();
  #highestNumber = 0;
  /** By id, while somebody wants to know what changes. */
  #changes: Map<string, P> | undefined;

  constructor(shape: PersonShape<P>, options: PeopleStoreOptions) {
    this.#shape = shape;
    this.#options = options;
    this.#fill(options.saved ?? options.seed);
  }

  get size(): number {
    return this.#people.size;
  }

  get(id: string | number): P | undefined {
    return this.#people.get(String(id));
  }

  all(): IterableIterator<P> {
    return this.#people.values();
  }

  /** Everybody with this address, whatever its case. */
  byEmail(email: string): P[] {
    const ids = this.#idsByEmail.get(email.toLowerCase()) ?? new Set();
    return [...ids].flatMap((id) => this.get(id) ?? []);
  }

  /** Creates or replaces a person; without an id a new one is given. @throws {InvalidPerson} */
  put(draft: object): P {
    const person = this.#place(draft);
    this.#changes?.set(String(person.id), person);
    this.#changed();
    return person;
  }

  /** Does something, and answers the people that it created or changed. */
  changesBy<Result>(work: () => Result): { result: Result; changed: P[] } {
    const changes = new Map<string, P>();
    this.#changes = changes;
    try {
      return { result: work(), changed: [...changes.values()] };
    } finally {
      this.#changes = undefined;
    }
  }

  /** Changes what the patch names; values that are objects are merged key by key. @throws {InvalidPerson} */
  merge(person: P, patch: JsonObject): P {
    return this.put({ ...mergeObjects(person, patch), id: person.id });
  }

  remove(id: string | number): boolean {
    const person = this.get(id);
    if (!person) return false;
    this.#people.delete(String(id));
    this.#unlistEmail(person);
    this.#changed();
    return true;
  }

  /** Back to the seed people. */
  reset(): void {
    this.#people.clear();
    this.#idsByEmail.clear();
    this.#tagIds.clear();
    this.#highestNumber = 0;
    this.#fill(this.#options.seed);
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

  hasTag(name: string): boolean {
    return this.#tagIds.has(name);
  }

  #fill({ tags, people }: SavedPeople): void {
    for (const tag of tags) this.tagId(tag);
    for (const person of people) this.#place(person);
  }

  #changed(): void {
    this.#options.save?.({ tags: [...this.#tagIds.keys()], people: [...this.#people.values()] });
  }

  #place(draft: object): P {
    const isNew = !('id' in draft) || draft.id === undefined || draft.id === null;
    const person = this.#shape.complete(
      isNew ? { ...draft, id: this.#shape.newId(this.#highestNumber) } : draft,
    );
    const id = String(person.id);
    const before = this.#people.get(id);
    if (before) this.#unlistEmail(before);
    this.#people.set(id, person);
    if (typeof person.id === 'number') this.#highestNumber = Math.max(this.#highestNumber, person.id);
    if (person.email !== null) {
      const key = person.email.toLowerCase();
      this.#idsByEmail.set(key, (this.#idsByEmail.get(key) ?? new Set()).add(id));
    }
    for (const tag of this.#shape.tagsOf(person)) this.tagId(tag);
    return person;
  }

  #unlistEmail({ id, email }: P): void {
    const key = email?.toLowerCase() ?? '';
    const ids = this.#idsByEmail.get(key);
    ids?.delete(String(id));
    if (ids?.size === 0) this.#idsByEmail.delete(key);
  }
}

function mergeObjects(person: object, patch: JsonObject): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...person, ...patch };
  for (const [key, value] of Object.entries(person)) {
    const change = patch[key];
    if (isJsonObject(value) && isJsonObject(change)) merged[key] = { ...value, ...change };
  }
  return merged;
}
