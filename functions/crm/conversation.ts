import type { Path } from './path.ts';

/** What a request carries to the CRM. */
export type RequestBody =
  | { json: unknown }
  | { form: Readonly<Record<string, string>> }
  /** Whole, as the connector has written and escaped it. */
  | { xml: string };

/** One call of a CRM's API, as a value. The CRM client adds base URL and credentials, and sends it. */
export interface CrmRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  path: Path;
  /** Pairs where a name stands more than once. */
  query?: Readonly<Record<string, string>> | [name: string, value: string][];
  headers?: Readonly<Record<string, string>>;
  body?: RequestBody;
  /** It changes nothing, though it is no GET: many CRMs search by POST. */
  reads?: boolean;
  /** Statuses besides 404 that mean that there is no such contact. */
  missing?: readonly number[];
  /** `text` for an answer that is not JSON, such as XML. */
  answer?: 'json' | 'text';
  /** Where this call goes, if not below the API's base URL. Ends in a slash. On the local stack the sandbox plays it, too. */
  baseUrl?: string;
}

/** Something that changes rarely, such as the labels of tags: the client asks once an hour. */
export interface Remembered {
  remember: string;
  ask: () => Conversation<unknown>;
  /** Whether what is remembered will do; else it is asked for anew, once. */
  isEnough: (value: never) => boolean;
}

/**
 * A question to a CRM: yields requests, is handed each one's parsed answer, and returns what it was asked for. Pure: whoever
 * runs it does the I/O. What it throws means that the answer has an unknown shape, unless it is an error of Usher's. That a
 * contact is not there it may catch, and go on.
 */
export type Conversation<Result> = Generator<CrmRequest | Remembered, Result, unknown>;

/**
 * A part of a conversation whose result is kept for an hour, for each connection.
 *
 * @param name by which the CRM client keeps it
 * @param isEnough false for a dictionary that lacks a word: it is read once more
 */
export function* remembered<Result>(
  name: string,
  ask: () => Conversation<Result>,
  isEnough: (value: Result) => boolean = () => true,
): Conversation<Result> {
  return (yield { remember: name, ask, isEnough }) as Result;
}

/** No account has so many pages of fields or labels; a list that never ends must not keep us for ever. */
export const mostPages = 50;
