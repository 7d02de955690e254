import { type ApiAnswer, emptyAnswer, jsonAnswer } from './api-answer.ts';
import type { ControlCall } from './control-call.ts';
import { isJsonObject } from './json.ts';
import { InvalidPerson } from './person.ts';

export function listPeople({ people }: ControlCall): ApiAnswer {
  return jsonAnswer(200, { people: [...people.all()] });
}

export function getPerson({ people, id }: ControlCall): ApiAnswer {
  const person = people.get(id);
  return person ? jsonAnswer(200, person) : noPerson(id);
}

/** @throws {InvalidPerson} */
export function createPerson({ people, body }: ControlCall): ApiAnswer {
  if (!isJsonObject(body)) throw new InvalidPerson('the body must be a person as a JSON object');
  const { id } = body;
  if ((typeof id === 'string' || typeof id === 'number') && people.get(id)) {
    return jsonAnswer(409, { error: `there is a person ${id} already; change it with PUT` });
  }
  return jsonAnswer(201, people.put(body));
}

/** @throws {InvalidPerson} */
export function changePerson({ people, id, body }: ControlCall): ApiAnswer {
  if (!isJsonObject(body)) throw new InvalidPerson('the body must be a JSON object');
  const person = people.get(id);
  return person ? jsonAnswer(200, people.merge(person, body)) : noPerson(id);
}

export function removePerson({ people, id }: ControlCall): ApiAnswer {
  return people.remove(id) ? emptyAnswer(204) : noPerson(id);
}

function noPerson(id: string): ApiAnswer {
  return jsonAnswer(404, { error: `there is no person ${id}` });
}
