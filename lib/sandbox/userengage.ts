import { type ApiAnswer, type ApiRequest, type CrmApi, emptyAnswer } from './crm-api.ts';
import { isJsonObject, type JsonObject, parseJson } from './json.ts';
import type { PeopleStore } from './people-store.ts';
import { userEngageAttributes } from './userengage-attributes.ts';
import type { UserEngageCall } from './userengage-call.ts';
import { pageNotFound, userEngageError } from './userengage-error.ts';
import { page } from './userengage-page.ts';
import type { UserEngagePerson } from './userengage-person.ts';
import { addTag, listTags, removeTag, usersOfTag } from './userengage-tags.ts';
import { getUser, listUsers, searchUsers } from './userengage-users.ts';
import type { ApiVersion } from './userengage-view.ts';
import {
  createUser,
  deleteUser,
  setAttributes,
  updateOrCreateUser,
  updateUser,
} from './userengage-writes.ts';

type Endpoint = Readonly<Record<string, (call: UserEngageCall) => ApiAnswer>>;

const basePath = '/api/public/';

const endpoints: readonly (readonly [path: RegExp, methods: Endpoint])[] = [
  [/^users\/$/, { GET: listUsers, POST: createUser }],
  [/^users\/search\/$/, { GET: searchUsers }],
  [/^users\/update_or_create\/$/, { POST: updateOrCreateUser }],
  [/^users\/([^/]+)\/$/, { GET: getUser, PUT: updateUser, DELETE: deleteUser }],
  [/^users-by-id\/([^/]+)\/$/, { GET: getUser, PUT: updateUser, DELETE: deleteUser }],
  [/^users\/([^/]+)\/set_multiple_attributes\/$/, { POST: setAttributes }],
  [/^users\/([^/]+)\/add_tag\/$/, { POST: addTag }],
  [/^users\/([^/]+)\/remove_tag\/$/, { POST: removeTag, DELETE: removeTag }],
  [/^tags\/$/, { GET: listTags }],
  [/^tags\/([^/]+)\/users\/$/, { GET: usersOfTag }],
  [/^attributes\/$/, { GET: listAttributes }],
];

/** The part of https://apidocs.user.com that has to do with users, their attributes and tags. */
export function userEngageApi(people: PeopleStore<UserEngagePerson>, token: string): CrmApi {
  return {
    basePath,
    error: (status) => userEngageError(status),
    answer(request) {
      const found = findEndpoint(request.path);
      if (!found) return findEndpoint(`${request.path}/`) ? addSlash(request) : pageNotFound();
      const { authorization } = request.headers;
      if (!authorization) return userEngageError(401, 'Authentication credentials were not provided.');
      if (authorization !== `Token ${token}`) return userEngageError(401);
      const version = readVersion(request.headers.accept);
      if (!version) return userEngageError(406, 'Invalid version in "Accept" header.');
      const handle = found.methods[request.method];
      if (!handle) return notAllowed(request.method, found.methods);
      const fields = readFields(request);
      if ('refused' in fields) return fields.refused;
      const user = userOfPath(request.path, people, found.id);
      return handle({ people, request, version, id: found.id, user, fields: fields.fields });
    },
  };
}

function listAttributes({ request }: UserEngageCall): ApiAnswer {
  return page(request, [...userEngageAttributes.values()], (attribute) => attribute);
}

/** `users/` counts by User.com's own id, `users-by-id/` by the one that the client has given. */
function userOfPath(path: string, people: PeopleStore<UserEngagePerson>, id: string) {
  if (path.startsWith(`${basePath}users/`)) return people.get(id);
  if (!path.startsWith(`${basePath}users-by-id/`)) return undefined;
  return [...people.all()].find(({ user_id }) => user_id === decodeURIComponent(id));
}

function findEndpoint(path: string): { methods: Endpoint; id: string } | undefined {
  if (!path.startsWith(basePath)) return undefined;
  const rest = path.slice(basePath.length);
  for (const [pattern, methods] of endpoints) {
    const match = pattern.exec(rest);
    if (match) return { methods, id: match[1] ?? '' };
  }
  return undefined;
}

/** Django's redirect to the same path with a slash; a client that follows it loses its body. */
function addSlash({ path, query }: ApiRequest): ApiAnswer {
  const location = query.size > 0 ? `${path}/?${query.toString()}` : `${path}/`;
  return { ...emptyAnswer(301), headers: { location } };
}

/** `Accept: application/json; version=2` asks for a version; without one it is the first. */
function readVersion(accept = ''): ApiVersion | undefined {
  const version = /;\s*version=([^\s;,]*)/.exec(accept)?.[1] ?? '1';
  if (version === '1') return 1;
  return version === '2' ? 2 : undefined;
}

function notAllowed(method: string, methods: Endpoint): ApiAnswer {
  const answer = userEngageError(405, `Method "${method}" not allowed.`);
  return { ...answer, headers: { ...answer.headers, allow: Object.keys(methods).join(', ') } };
}

function readFields({ body, headers }: ApiRequest): { fields: JsonObject } | { refused: ApiAnswer } {
  if (body === '') return { fields: {} };
  const type = headers['content-type'] ?? '';
  if (!type.startsWith('application/json')) {
    return { refused: userEngageError(415, `Unsupported media type "${type}" in request.`) };
  }
  const fields = parseJson(body);
  if (fields === undefined) return { refused: userEngageError(400, 'JSON parse error') };
  if (isJsonObject(fields)) return { fields };
  return { refused: userEngageError(400, 'Invalid data. Expected a dictionary.') };
}
