/** Ways to a value in a body, likeliest first. An array on the way stands for each of its elements. */
export type Ways = readonly (readonly string[])[];

/** A webhook as it came, for the check of its signature. */
export interface SignedWebhook {
  method: string;
  /** The whole URL that was called. */
  url: string;
  /** With lower-case names. */
  headers: Readonly<Record<string, string | undefined>>;
  body: Uint8Array;
  now: Date;
}

/** How a CRM's automation calls: where its bodies name contacts, and what else it sends. */
export interface WebhookForm {
  /** Where the contact's id may stand. A list on the way makes it a batch, and each of its elements is looked at by itself. */
  ids: Ways;
  /** Where an address stands in bodies that hold no id, or one of something else: the CRM is asked whose it is. */
  emails?: Ways;
  /** Reads a body in XML, which begins with `<`. What it throws makes it a `malformed_body`. */
  parse?(text: string): unknown;
  /**
   * Whether an event has to do with a contact at all: an element of a list, or the body itself. Of a form it is given the names
   * and values.
   */
  isOurs?(event: unknown, body: unknown): boolean;
  /** Whether the body is the CRM's own, where the connection's secret holds a `webhookSecret`. */
  isSigned?(webhook: SignedWebhook, secret: string): boolean;
  /** The CRM tries the URL out with a bare GET or HEAD before it saves it. */
  isProbed?: boolean;
  /** How long a webhook of this CRM may take, in milliseconds, where its sender waits for less than most do. */
  responseBudgetMs?: number;
}
