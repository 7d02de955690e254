import { type ApiAnswer, htmlAnswer, jsonAnswer } from './crm-api.ts';

const details: Readonly<Record<number, string>> = {
  400: 'Malformed request.',
  401: 'Invalid token.',
  403: 'You do not have permission to perform this action.',
  404: 'Not found.',
  413: 'Request entity too large.',
  429: 'Request was throttled.',
  500: 'A server error occurred.',
  502: 'Bad gateway.',
  503: 'Service temporarily unavailable, try again later.',
};

/** An error as User.com, a Django REST framework application, words it: `{"detail": …}`. */
export function userEngageError(status: number, detail = details[status] ?? `Error ${status}`): ApiAnswer {
  return jsonAnswer(status, { detail }, status === 401 ? { 'www-authenticate': 'Token' } : {});
}

/** What is wrong with which field of the body: `{"email": ["Enter a valid email address."]}`. */
export function fieldErrors(errors: Readonly<Record<string, string>>): ApiAnswer {
  return jsonAnswer(400, Object.fromEntries(Object.entries(errors).map(([name, text]) => [name, [text]])));
}

/** Paths outside the API are answered by Django itself. */
export function pageNotFound(): ApiAnswer {
  return htmlAnswer(404, 'Not Found', 'The requested resource was not found on this server.');
}
