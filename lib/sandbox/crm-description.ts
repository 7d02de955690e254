import type { IncomingHttpHeaders } from 'node:http';
import type { Account, Contact } from './account.ts';
import type { Reply } from './api-answer.ts';
import type { FieldWords } from './field-words.ts';
import type { Json } from './json.ts';
import type { Limit } from './limits.ts';
import type { Secrets, SignIn } from './sign-in.ts';
import type { WebhookBody } from './webhook-body.ts';

/** One authorised request to a route that exists. */
export interface Call {
  method: string;
  /** With the base path, without the query. */
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  /** The body as JSON; a form is an object, `a[b]=c` being nested. Undefined when there is none, or its type says nothing. */
  body: Json | undefined;
  /** The body as it came: XML, for instance. */
  text: string;
  /** The variables of the route's path and query, decoded. */
  values: Readonly<Record<string, string>>;
  /** The one whom `{id}` names. Asking for somebody who is not there ends in `errors.notFound`. */
  readonly contact: Contact;
  account: Account;
}

/** What a route answers: JSON with 200, another reply, or `errors.notFound` for undefined. */
export type Route = (call: Call) => Reply | object | undefined;

interface Errors {
  /** The body of an error that has no member of its own here. */
  body(status: number, message: string): Json | object;
  /** Of that body; `application/json` unless told. */
  contentType?: string;
  /** 404 unless told. */
  notFound?: Reply;
  /** 401 unless told. */
  badToken?: Reply;
  /** 400 unless told: what was sent can be neither read nor stored. */
  badWrite?(message: string): Reply;
  /** 429 unless told. Seconds are known when the vendor's own limit is played. */
  rateLimited?(seconds: number | undefined): Reply;
  /** Where there is no such route. A page of HTML unless told. */
  noRoute?(call: Pick<Call, 'method' | 'path' | 'query'>): Reply | undefined;
}

/**
 * A CRM, described from its vendor's documents: what its API takes and gives, what goes wrong, what its webhooks send.
 * Data and small pure functions; the engine does the rest. What nobody documents is a guess and says so.
 */
export interface CrmDescription {
  /** Where the API's base URL ends, as the real one does: with or without a slash. */
  basePath: string;
  /** Of JSON answers; `application/json` unless told. */
  contentType?: string;
  /** A connection's settings under which it plays, where the connector needs any. */
  settings?: Readonly<Record<string, string>>;
  /** What `usher.config.ts` calls the field `wp_password`, where that is another word than in answers. */
  passwordField?: string;
  /** The id of the account's nth person. */
  idOf(number: number): string;
  fields: FieldWords;
  /** Headers, query pairs and members of the body that a request has to have. */
  credentials(
    secrets: Secrets,
    call: Pick<Call, 'method' | 'path'>,
  ): Partial<Record<'headers' | 'query' | 'body', Readonly<Record<string, string>>>>;
  /** For secrets that end. */
  signIn?: SignIn;
  /**
   * `GET contacts/{id}?include=tags&email={email}` → what is answered; the first that fits. Paths are relative to the
   * base path, or begin with a slash; other pairs in a query do not matter.
   */
  routes: Readonly<Record<string, Route>>;
  errors: Errors;
  /** The vendor's numbers. They are played when somebody switches them on. */
  limits?: readonly Limit[];
  /** Where tags stand in answers, for faults: `data.*.tags`, `*` being each element. */
  tagsAt: readonly string[];
  /** The bodies of its webhooks, the usual one first. Several contacts come where somebody asks for batches. */
  webhooks: Readonly<Record<string, (contacts: readonly [Contact, ...Contact[]], at: Date) => WebhookBody>>;
  /** Headers that prove a webhook, where the account has a secret called `webhookSecret`. Some vendors sign the URL, too. */
  signature?(body: string, secret: string, at: Date, url: string): Readonly<Record<string, string>>;
}
