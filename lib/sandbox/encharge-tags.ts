import { type ApiAnswer, type ApiRequest, emptyAnswer, jsonAnswer } from './crm-api.ts';
import { enchargeError } from './encharge-error.ts';
import { identify } from './encharge-people.ts';
import { type EnchargePerson, splitTags } from './encharge-person.ts';
import { isJsonObject, parseJson } from './json.ts';
import type { PeopleStore } from './people-store.ts';

type People = PeopleStore<EnchargePerson>;

/** `GET /tags-management` */
export function listTags(people: People): ApiAnswer {
  return jsonAnswer(200, { tags: [...people.tags()].map(([tag]) => ({ tag })) });
}

/** `POST /tags {"tag":"a,b","id":…}` → 201 */
export function addTags(people: People, request: ApiRequest): ApiAnswer {
  return changeTags(people, request, 201, (tags, given) => [...new Set([...tags, ...given])]);
}

/** `DELETE /tags {"tag":"a,b","id":…}` → 204 */
export function removeTags(people: People, request: ApiRequest): ApiAnswer {
  return changeTags(people, request, 204, (tags, given) => tags.filter((tag) => !given.includes(tag)));
}

function changeTags(
  people: People,
  { body }: ApiRequest,
  status: number,
  change: (tags: string[], given: string[]) => string[],
): ApiAnswer {
  const fields = parseJson(body);
  const tag = isJsonObject(fields) ? fields['tag'] : undefined;
  if (!isJsonObject(fields) || typeof tag !== 'string') return enchargeError(400, '"tag" is required.');
  const person = identify(people, fields);
  if (!person) return enchargeError(404, 'Person not found.');
  people.merge(person, {
    tags: change(splitTags(person.tags), splitTags(tag)).join(','),
    updatedAt: new Date().toISOString(),
  });
  return emptyAnswer(status);
}
