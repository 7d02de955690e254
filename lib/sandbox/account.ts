import { crmName, type FieldWords, ownName } from './field-words.ts';
import type { Json, JsonObject } from './json.ts';
import { customFields } from './people.ts';
import { labelsOf, type PeopleStore } from './people-store.ts';
import { InvalidPerson, type Person } from './person.ts';

/** A person in the words of a CRM. */
export interface Contact {
  id: string;
  email: string | null;
  /** Fields by the CRM's names: those that `fields.standard` lists, and all others. */
  standard: JsonObject;
  custom: JsonObject;
  /** Each once, without blank ones, with the number that the account gave it. */
  tags: readonly Tag[];
  /** As it is stored. */
  person: Person;
}

export interface Tag {
  id: number;
  name: string;
}

/** A custom field of the account. */
export interface AccountField {
  /** From 1 on. */
  number: number;
  /** In the CRM's words. */
  name: string;
  title: string;
  type: (typeof customFields)[number]['type'];
}

/** The people of a sandbox as a CRM's description sees them: in its own words. */
export class Account {
  readonly #people: PeopleStore;
  readonly #fields: FieldWords;
  #known: { revision: number; fields: readonly AccountField[] } | undefined;

  constructor(people: PeopleStore, fields: FieldWords) {
    this.#people = people;
    this.#fields = fields;
  }

  find(id: string): Contact | undefined {
    const person = this.#people.get(id);
    return person && this.contact(person);
  }

  /** Everybody with this address, whatever its case. */
  byEmail(email: string): Contact[] {
    return this.#people.byEmail(email).map((person) => this.contact(person));
  }

  all(): Contact[] {
    return [...this.#people.all()].map((person) => this.contact(person));
  }

  tags(): Tag[] {
    return [...this.#people.tags()].map(([name, id]) => ({ id, name }));
  }

  contact(person: Person): Contact {
    return contactOf(person, this.#fields, (name) => this.#people.tagId(name));
  }

  /** Writes fields by the CRM's names, of somebody or of a new person. @throws {InvalidPerson} */
  write(contact: Contact | { id?: string }, fields: JsonObject): Contact {
    const own = Object.entries(fields).map(
      ([name, value]) => [ownName(name, this.#fields), value, name] as const,
    );
    const address = own.flatMap(([name, email]) => (name === 'email' ? [{ email }] : []));
    const taken = own.filter(([name, , given]) => name !== 'email' && this.#takes(given));
    const draft: JsonObject = {
      ...address[0],
      fields: Object.fromEntries(taken.map(([name, value]) => [name, value])),
      updatedAt: new Date().toISOString(),
    };
    const person = 'person' in contact ? this.#people.merge(contact.person, draft) : undefined;
    return this.contact(person ?? this.#people.put({ ...contact, ...draft }));
  }

  /** Those of every sandbox, and one for every further name that people carry. */
  customFields(): readonly AccountField[] {
    const { revision } = this.#people;
    // Some CRMs show them with every contact of a list.
    if (this.#known?.revision !== revision) this.#known = { revision, fields: this.#findFields() };
    return this.#known.fields;
  }

  #findFields(): AccountField[] {
    const types = new Map(customFields.map(({ name, title, type }) => [name, { title, type }] as const));
    for (const { fields } of this.#people.all()) {
      for (const [name, value] of Object.entries(fields)) {
        const isKnown = types.has(name) || this.#fields.standard?.includes(crmName(name, this.#fields));
        if (!isKnown) types.set(name, { title: name, type: typeOf(value) });
      }
    }
    return [...types].map(([name, field], index) => ({
      number: index + 1,
      name: crmName(name, this.#fields),
      ...field,
    }));
  }

  #takes(name: string): boolean {
    const { unknown = 'stored', standard } = this.#fields;
    if (unknown === 'stored' || standard?.includes(name)) return true;
    if (this.customFields().some((field) => field.name === name)) return true;
    if (unknown === 'ignored') return false;
    throw new InvalidPerson(`${name}: there is no such field`);
  }
}

/** A person in the words of a CRM. */
export function contactOf(person: Person, fields: FieldWords, tagId: (name: string) => number): Contact {
  const named = Object.entries(person.fields).map(([own, value]) => [crmName(own, fields), value] as const);
  const isStandard = ([name]: readonly [string, Json]) => fields.standard?.includes(name) === true;
  const standard = Object.fromEntries(named.filter(isStandard));
  const custom = Object.fromEntries(named.filter((field) => !isStandard(field)));
  const tags = labelsOf(person).map((name) => ({ id: tagId(name), name }));
  return { id: person.id, email: person.email, standard, custom, tags, person };
}

function typeOf(value: Json): AccountField['type'] {
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'number') return 'number';
  return typeof value === 'boolean' ? 'boolean' : 'text';
}
