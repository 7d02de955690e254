import type { Json } from './json.ts';

/** What goes over the wire. */
export interface ApiAnswer {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** An answer of a CRM's API with another status than 200, or with headers. A text is sent as it is, nothing as an empty body. */
export class Reply {
  readonly status: number;
  readonly body: Json | object | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, body?: Json | object, headers: Readonly<Record<string, string>> = {}) {
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

/** A reply as it goes over the wire. */
export function sent({ status, body, headers }: Reply): ApiAnswer {
  if (body === undefined) return { status, headers, body: '' };
  if (typeof body === 'string') return { status, headers, body };
  return jsonAnswer(status, body, headers);
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
