import { type ApiAnswer, emptyAnswer, jsonAnswer } from './crm-api.ts';
import type { UserEngageCall } from './userengage-call.ts';
import { fieldErrors, userEngageError } from './userengage-error.ts';
import { page } from './userengage-page.ts';
import { now } from './userengage-person.ts';
import { viewUser } from './userengage-view.ts';

/** `GET tags/` */
export function listTags({ people, request }: UserEngageCall): ApiAnswer {
  return page(request, [...people.tags()], ([name, id]) => ({ id, name }));
}

/** `GET tags/{id}/users/`: https://apidocs.user.com/tags/get-users-by-tag.html */
export function usersOfTag({ people, request, version, id }: UserEngageCall): ApiAnswer {
  const [tag] = [...people.tags()].find(([, tagId]) => String(tagId) === id) ?? [];
  if (tag === undefined) return userEngageError(404);
  const users = [...people.all()].filter(({ tags }) => tags.includes(tag));
  return page(request, users, (user) => viewUser(people, user, version));
}

/** `POST users/{id}/add_tag/ {"name":…}`: a tag that the account does not have is created. */
export function addTag({ people, user, fields }: UserEngageCall): ApiAnswer {
  if (!user) return userEngageError(404);
  const name = fields['name'];
  if (typeof name !== 'string' || name === '') return fieldErrors({ name: 'This field is required.' });
  const created = !people.hasTag(name);
  if (!user.tags.includes(name)) people.merge(user, { tags: [...user.tags, name], updated_at: now() });
  return jsonAnswer(200, { created, tag: { id: people.tagId(name), name } });
}

/** `POST` or `DELETE users/{id}/remove_tag/ {"name":…}`: the vendor's documents and its clients disagree. */
export function removeTag({ people, user, fields, request }: UserEngageCall): ApiAnswer {
  if (!user) return userEngageError(404);
  const name = fields['name'];
  if (typeof name !== 'string' || name === '') return fieldErrors({ name: 'This field is required.' });
  if (!people.hasTag(name)) return userEngageError(404);
  if (user.tags.includes(name)) {
    people.merge(user, { tags: user.tags.filter((tag) => tag !== name), updated_at: now() });
  }
  return request.method === 'DELETE' ? emptyAnswer(204) : jsonAnswer(200, { status: 'ok' });
}
