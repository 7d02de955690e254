import { type ApiAnswer, jsonAnswer } from './crm-api.ts';
import type { UserEngageCall } from './userengage-call.ts';
import { userEngageError } from './userengage-error.ts';
import { page } from './userengage-page.ts';
import { userKey } from './userengage-person.ts';
import { viewUser } from './userengage-view.ts';

/** `GET users/` */
export function listUsers({ people, request, version }: UserEngageCall): ApiAnswer {
  return page(request, [...people.all()], (user) => viewUser(people, user, version));
}

/** `GET users/{id}/` */
export function getUser({ people, user, version }: UserEngageCall): ApiAnswer {
  return user ? jsonAnswer(200, viewUser(people, user, version)) : userEngageError(404);
}

/**
 * `GET users/search/?email=…` answers one user, an array with `many=true`, and a page for an address that is only
 * a part (`email__contains`); `key` finds one by it. Addresses must match exactly, case included.
 * https://apidocs.user.com/users/find-user-by-email.html
 */
export function searchUsers({ people, request, version }: UserEngageCall): ApiAnswer {
  const email = request.query.get('email');
  const part = request.query.get('email__contains');
  const key = request.query.get('key');
  if (key !== null) {
    const user = [...people.all()].find((one) => userKey(one) === key);
    return user ? jsonAnswer(200, viewUser(people, user, version)) : userEngageError(404);
  }
  if (email !== null) {
    const found = people.byEmail(email).filter((user) => user.email === email);
    const views = found.map((user) => viewUser(people, user, version));
    if (request.query.get('many') === 'true') return jsonAnswer(200, views);
    return views[0] ? jsonAnswer(200, views[0]) : userEngageError(404);
  }
  if (part !== null) {
    const found = [...people.all()].filter((user) => user.email?.includes(part));
    return page(request, found, (user) => viewUser(people, user, version));
  }
  return userEngageError(400, 'Search by email, email__contains or key.');
}
