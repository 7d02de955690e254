import { type ApiAnswer, type ApiRequest, type CrmApi, htmlAnswer, jsonAnswer } from './crm-api.ts';
import { badToken, enchargeError, missingToken } from './encharge-error.ts';
import { fieldsCarriedBy } from './encharge-fields.ts';
import { findPeople, listPeople, removePeople, unsubscribe, upsertPeople } from './encharge-people.ts';
import type { EnchargePerson } from './encharge-person.ts';
import { addTags, listTags, removeTags } from './encharge-tags.ts';
import { escapeHtml } from './escape-html.ts';
import type { PeopleStore } from './people-store.ts';

/** The part of https://docs.encharge.io (API version 1) that has to do with people, their fields and tags. */
export function enchargeApi(people: PeopleStore<EnchargePerson>, token: string): CrmApi {
  const endpoints = new Map<string, (request: ApiRequest) => ApiAnswer>([
    ['GET /people', (request) => findPeople(people, request)],
    ['POST /people', (request) => upsertPeople(people, request)],
    ['DELETE /people', (request) => removePeople(people, request)],
    ['POST /people/unsubscribe', (request) => unsubscribe(people, request)],
    ['GET /people/all', (request) => listPeople(people, request)],
    ['GET /fields', () => jsonAnswer(200, { items: fieldsCarriedBy(people.all()) })],
    ['GET /tags-management', () => listTags(people)],
    ['POST /tags', (request) => addTags(people, request)],
    ['DELETE /tags', (request) => removeTags(people, request)],
    ['GET /accounts/info', () => jsonAnswer(200, accountInfo(people.size))],
  ]);

  return {
    basePath: '/v1',
    error: (status) => enchargeError(status),
    answer(request) {
      const path = request.path.replace(/^\/v1/, '').replace(/(?<=.)\/$/, '');
      const endpoint = endpoints.get(`${request.method} ${path}`);
      if (!endpoint || !request.path.startsWith('/v1/')) return cannot(request);
      const given = request.headers['x-encharge-token'] ?? request.query.get('token');
      if (given === null || given === '') return missingToken();
      if (given !== token) return badToken();
      // Encharge's body parser skips what does not say it is JSON.
      const isJson = request.headers['content-type']?.startsWith('application/json') ?? false;
      return endpoint(isJson ? request : { ...request, body: '' });
    },
  };
}

function cannot({ method, path }: ApiRequest): ApiAnswer {
  return htmlAnswer(404, 'Error', `Cannot ${method} ${escapeHtml(path)}`);
}

function accountInfo(peopleCount: number): object {
  return {
    peopleCount,
    status: 'active',
    timezone: 'Europe/London',
    services: {},
    activeServices: [],
    site: 'https://www.example.com',
    name: 'Sandbox',
    accountId: 1,
  };
}
