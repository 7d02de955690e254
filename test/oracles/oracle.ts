import { parseJson } from '../../lib/sandbox/json.ts';

/** A request as it is compared: without headers, which hold credentials and what a client says of itself. */
export interface OracleRequest {
  method: string;
  /** With the base URL's, decoded. */
  path: string;
  /** `name=value`, in alphabetical order. */
  query: readonly string[];
  /** JSON, or the pairs of a form. */
  body?: unknown;
}

/** What the vendor's client and the connector do alike: load and find a contact, write a field of it. */
export const steps = ['load', 'find', 'write'] as const;
export type Step = (typeof steps)[number];

/** A difference that is meant. In the requests `{id}` and `{email}` stand for the person's. */
export interface Difference {
  step: Step;
  /** Of the vendor's client: `GET /v3/contacts/{id}`. */
  request: string;
  /** What is not compared: `query.limit`, `body.site_uuid`. */
  without?: readonly string[];
  /** What the connector asks in its place. */
  instead?: string;
  why: string;
}

/** What a vendor's client was seen to ask: `test/oracles/<crm>.json`. */
export interface Oracle {
  sdk: string;
  person: { id: string; email: string };
  field: string;
  value: string;
  requests: Record<Step, OracleRequest[]>;
  differs: readonly Difference[];
}

/** Brings a request into the form in which it is compared. */
export function oracleRequest(method: string, url: URL, text: string | undefined): OracleRequest {
  const query = [...url.searchParams].map(([name, value]) => `${name}=${value}`).sort();
  const body = text ? (parseJson(text) ?? Object.fromEntries(new URLSearchParams(text))) : undefined;
  return {
    method,
    path: decodeURIComponent(url.pathname),
    query,
    ...(body === undefined ? {} : { body }),
  };
}
