import type { IncomingHttpHeaders } from 'node:http';
import type { Json } from './json.ts';

export interface ApiRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface ApiAnswer {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** One CRM's documented HTTP API over the people of one account. */
export interface CrmApi {
  /** Where the API's base URL ends, as the real one does: with or without a slash. */
  basePath: string;
  answer(request: ApiRequest): ApiAnswer;
  /** How this CRM words an error of that status. */
  error(status: number): ApiAnswer;
}

/** The server did what was asked and has nothing to say. */
export function emptyAnswer(status: number): ApiAnswer {
  return { status, headers: {}, body: '' };
}

export function jsonAnswer(
  status: number,
  value: Json | object,
  headers: Readonly<Record<string, string>> = {},
): ApiAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(value),
  };
}

export function htmlAnswer(status: number, title: string, text: string): ApiAnswer {
  return {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8' },
    body: `<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>${title}</title>\n</head>\n<body>\n<pre>${text}</pre>\n</body>\n</html>\n`,
  };
}
