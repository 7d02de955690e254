import { type ApiAnswer, type ApiRequest, emptyAnswer, jsonAnswer } from './crm-api.ts';
import { enchargeError } from './encharge-error.ts';
import type { EnchargePerson } from './encharge-person.ts';
import { isJsonObject, type Json, type JsonObject, parseJson } from './json.ts';
import { InvalidPerson, type PeopleStore } from './people-store.ts';

type People = PeopleStore<EnchargePerson>;

/** Encharge looks up so many people at once. */
const maxLookups = 20;

/** The person named by any of its identifiers; `undefined` when none of them fits anybody. */
export function identify(people: People, { id, userId, email }: JsonObject): EnchargePerson | undefined {
  const byId = typeof id === 'string' ? people.get(id) : undefined;
  if (byId) return byId;
  if (typeof userId === 'string') {
    for (const person of people.all()) if (person.userId === userId) return person;
  }
  return typeof email === 'string' ? people.byEmail(email)[0] : undefined;
}

/** Those whom `people[0][id]=…&people[1][email]=…` names; who is not there is left out. */
function named(people: People, query: URLSearchParams): EnchargePerson[] | ApiAnswer {
  const lookups = new Map<string, JsonObject>();
  for (const [key, value] of query) {
    const [, index, identifier] = /^people\[(\d+)\]\[(\w+)\]$/.exec(key) ?? [];
    if (index !== undefined && identifier !== undefined) {
      lookups.set(index, { ...lookups.get(index), [identifier]: value });
    }
  }
  if (lookups.size === 0) return enchargeError(400, 'Query parameter "people" is required.');
  if (lookups.size > maxLookups) return enchargeError(400, `At most ${maxLookups} people at once.`);
  return [...new Set([...lookups.values()].flatMap((lookup) => identify(people, lookup) ?? []))];
}

/** The fields that `attributes=a,b` or `attributes=a&attributes=b` asks for, and always the id; else all. */
function selected(person: EnchargePerson, query: URLSearchParams): object {
  const wanted = query.getAll('attributes').flatMap((names) => names.split(','));
  if (wanted.length === 0) return person;
  return Object.fromEntries(Object.entries(person).filter(([name]) => ['id', ...wanted].includes(name)));
}

/** `GET /people?people[0][id]=…&people[1][email]=…` */
export function findPeople(people: People, { query }: ApiRequest): ApiAnswer {
  const found = named(people, query);
  return Array.isArray(found)
    ? jsonAnswer(200, { users: found.map((person) => selected(person, query)) })
    : found;
}

/** `DELETE /people?people[0][id]=…` archives or, with `force=true`, deletes; neither is found any more. */
export function removePeople(people: People, { query }: ApiRequest): ApiAnswer {
  const found = named(people, query);
  if (!Array.isArray(found)) return found;
  for (const { id } of found) people.remove(id);
  return emptyAnswer(204);
}

/** `GET /people/all?limit=100&offset=0`: the key is `people` here, not `users`. */
export function listPeople(people: People, { query }: ApiRequest): ApiAnswer {
  const [limit, offset] = [Number(query.get('limit') ?? 100), Number(query.get('offset') ?? 0)];
  if (!Number.isInteger(limit) || !Number.isInteger(offset) || limit < 0 || offset < 0) {
    return enchargeError(400, '"limit" and "offset" must be numbers.');
  }
  const page = [...people.all()].slice(offset, offset + limit);
  return jsonAnswer(200, { people: page.map((person) => selected(person, query)) });
}

/** `POST /people/unsubscribe?email=…` */
export function unsubscribe(people: People, { query }: ApiRequest): ApiAnswer {
  const person = identify(people, Object.fromEntries(query));
  if (!person) return enchargeError(404, 'Person not found.');
  people.merge(person, { unsubscribed: true, updatedAt: new Date().toISOString() });
  return emptyAnswer(204);
}

/** `POST /people` updates who is there and creates who is not; one person as an object, several as an array. */
export function upsertPeople(people: People, { body }: ApiRequest): ApiAnswer {
  const parsed = parseJson(body);
  if (!isJsonObject(parsed) && !Array.isArray(parsed)) return enchargeError(400, 'The body must be JSON.');
  try {
    return Array.isArray(parsed)
      ? jsonAnswer(200, { users: parsed.map((item) => upsert(people, item)) })
      : jsonAnswer(200, { user: upsert(people, parsed) });
  } catch (error) {
    if (error instanceof InvalidPerson) return enchargeError(400, error.message);
    throw error;
  }
}

function upsert(people: People, fields: Json): EnchargePerson {
  if (!isJsonObject(fields)) throw new InvalidPerson('A person must be an object.');
  const person = identify(people, fields);
  const written = { ...fields, updatedAt: new Date().toISOString() };
  return person ? people.merge(person, written) : people.put(written);
}
