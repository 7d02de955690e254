import type { IncomingHttpHeaders } from 'node:http';
import { isJsonObject, type Json, type JsonObject, parseJson } from './json.ts';
import { InvalidPerson } from './person.ts';

/**
 * A body by what its content type says: JSON (with any `+json`), or a form, where `a[b]=c` is nested. Undefined without a body
 * or of any other type: servers skip what does not say what it is.
 *
 * @throws {InvalidPerson} when it is called JSON and is none
 */
export function requestBody(body: string, headers: IncomingHttpHeaders): Json | undefined {
  const [type = ''] = (headers['content-type'] ?? '').split(';');
  if (body === '') return undefined;
  if (type.trim() === 'application/x-www-form-urlencoded') return readForm(body);
  if (!/^application\/([\w.-]+\+)?json$/.test(type.trim())) return undefined;
  const parsed = parseJson(body);
  if (parsed === undefined) throw new InvalidPerson('The body is not JSON.');
  return parsed;
}

/** The object at a path of a body. @throws {InvalidPerson} when there is none */
export function objectAt(body: Json | undefined, ...path: string[]): JsonObject {
  let value = body;
  for (const name of path)
    value = isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  if (isJsonObject(value)) return value;
  throw new InvalidPerson(`The body has no object at ${['its top', ...path].join(', ')}.`);
}

function readForm(text: string): JsonObject {
  const form: JsonObject = {};
  for (const [key, value] of new URLSearchParams(text)) {
    const names = key.split(/[[\]]+/).filter((name) => name !== '');
    const last = names.pop() ?? '';
    let inner = form;
    for (const name of names) {
      const next = Object.hasOwn(inner, name) ? inner[name] : undefined;
      const nested: JsonObject = isJsonObject(next) ? next : {};
      inner[name] = nested;
      inner = nested;
    }
    inner[last] = value;
  }
  return form;
}
