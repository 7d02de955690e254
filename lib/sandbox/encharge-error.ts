import { randomUUID } from 'node:crypto';
import { type ApiAnswer, jsonAnswer } from './crm-api.ts';

const messages: Readonly<Record<number, string>> = {
  400: 'The request is not valid.',
  403: 'You are not allowed to do this.',
  404: 'Not found.',
  413: 'request entity too large',
  429: 'Too many requests. Please try again later.',
  500: 'Something went wrong on our end.',
  502: 'Bad gateway.',
  503: 'Service unavailable.',
};

/** An error as Encharge words it. The vendor publishes no list of codes; only the one for a bad token is known. */
export function enchargeError(status: number, message = messages[status] ?? `Error ${status}`): ApiAnswer {
  if (status === 401) return badToken();
  return errorAnswer(status, { message });
}

export function badToken(): ApiAnswer {
  return errorAnswer(401, { message: 'Token without payload (should be JWT token).', errorCode: 10082 });
}

export function missingToken(): ApiAnswer {
  return errorAnswer(401, {
    message: 'User not logged in: Unauthorized request: no authentication given',
  });
}

function errorAnswer(status: number, error: { message: string; errorCode?: number }): ApiAnswer {
  return jsonAnswer(status, { error: { ...error, markdown: error.message, traceId: randomUUID() } });
}
