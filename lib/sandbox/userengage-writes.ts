import { type ApiAnswer, emptyAnswer, jsonAnswer } from './crm-api.ts';
import type { Json, JsonObject } from './json.ts';
import { InvalidPerson } from './people-store.ts';
import { userEngageAttributes } from './userengage-attributes.ts';
import type { UserEngageCall } from './userengage-call.ts';
import { fieldErrors, userEngageError } from './userengage-error.ts';
import { now, writableFields } from './userengage-person.ts';
import { viewUser } from './userengage-view.ts';

/** `POST users/`: always a new user, even for an address that another one has. */
export function createUser(call: UserEngageCall): ApiAnswer {
  return write(() => {
    const user = call.people.put(change(call.fields, null));
    return jsonAnswer(201, viewUser(call.people, user, call.version));
  });
}

/** `PUT users/{id}/`: what the body does not name stays. https://apidocs.user.com/users/update-user.html */
export function updateUser({ people, user, fields, version }: UserEngageCall): ApiAnswer {
  if (!user) return userEngageError(404);
  return write(() => {
    const updated = people.merge(user, change(fields, user.name));
    return jsonAnswer(200, viewUser(people, updated, version));
  });
}

/**
 * `POST users/update_or_create/`: the user of that custom id, else of that address, or a new one.
 * https://apidocs.user.com/users/update-or-create-user.html
 */
export function updateOrCreateUser(call: UserEngageCall): ApiAnswer {
  const { custom_id: customId, email } = call.fields;
  const byCustomId = [...call.people.all()].find(({ user_id }) => user_id !== null && user_id === customId);
  const user = byCustomId ?? (typeof email === 'string' ? call.people.byEmail(email)[0] : undefined);
  return user ? updateUser({ ...call, user }) : createUser(call);
}

/** `DELETE users/{id}/` */
export function deleteUser({ people, user }: UserEngageCall): ApiAnswer {
  if (!user) return userEngageError(404);
  people.remove(user.id);
  return emptyAnswer(204);
}

/** `POST users/{id}/set_multiple_attributes/`: custom attributes only, and only such as exist. */
export function setAttributes({ people, user, fields, version }: UserEngageCall): ApiAnswer {
  if (!user) return userEngageError(404);
  const unknown = Object.keys(fields).filter((name) => !userEngageAttributes.has(name));
  if (unknown.length > 0) {
    return fieldErrors(Object.fromEntries(unknown.map((name) => [name, 'Attribute does not exist.'])));
  }
  return write(() => {
    const updated = people.merge(user, { attributes: fields, updated_at: now() });
    return jsonAnswer(200, viewUser(people, updated, version));
  });
}

function write(action: () => ApiAnswer): ApiAnswer {
  try {
    return action();
  } catch (error) {
    if (error instanceof InvalidPerson) return fieldErrors({ non_field_errors: error.message });
    throw error;
  }
}

/** The body of a create or an update in the sandbox's own shape. Names that mean nothing are ignored. */
function change(fields: JsonObject, formerName: string | null): JsonObject {
  const changed: JsonObject = { attributes: {}, updated_at: now() };
  const attributes: JsonObject = {};
  for (const [name, value] of Object.entries(fields)) {
    if (userEngageAttributes.has(name)) attributes[name] = value;
    else if (Object.hasOwn(writableFields, name) || name === 'tags') changed[name] = value;
    else if (name === 'custom_id' || name === 'user_id') changed['user_id'] = value;
  }
  changed['attributes'] = attributes;
  if ('first_name' in fields || 'last_name' in fields) changed['name'] = fullName(fields, formerName);
  return changed;
}

/** The API takes two names and keeps one. */
function fullName(fields: JsonObject, formerName: string | null): string {
  const [first = '', ...rest] = (formerName ?? '').split(' ');
  const text = (value: Json | undefined, former: string) => (typeof value === 'string' ? value : former);
  return `${text(fields['first_name'], first)} ${text(fields['last_name'], rest.join(' '))}`.trim();
}
