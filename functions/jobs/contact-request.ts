/** One webhook for one contact, read and checked. */
export interface ContactRequest {
  /** One of `actions/actions.ts`. */
  action: string;
  connection: string;
  contactId?: string | undefined;
  /** The contact's address, where the webhook names no id: the CRM is asked whose it is. */
  contactEmail?: string | undefined;
  /** Second way to find the user, for `update` and `update_tags`. */
  email?: string | undefined;
  /** Slug or display name, as it was given. */
  role?: string | undefined;
  sendNotification: boolean;
  /** Single webhooks go before arrays, imports and replays, and so does what they lead to. */
  lane: 'live' | 'batch';
  /** No webhook: of an import or a resync, whose id is `requestId`. */
  bulk?: 'import' | 'resync' | undefined;
  /** When API Gateway got the webhook, ISO 8601 in UTC, however long it has been waiting since. */
  receivedAt: string;
  /** Of the webhook, to follow it through jobs and logs. */
  requestId: string;
}

/** What was written to a user, by names and numbers: neither values nor tags. */
export interface Written {
  /** Local keys, `email`, `role`. */
  changed: readonly string[];
  tagsAdded: number;
  tagsRemoved: number;
}

/** What an action did. */
export interface Outcome {
  result: 'created' | 'updated' | 'unchanged' | 'deleted';
  /** Absent where there is no user any more, and none is needed. */
  userId?: string;
  contactId: string;
  /** Codes, with the local field's name where one is meant: `email_in_use`, `field_invalid:birthday`. */
  warnings: string[];
  /** Absent where nothing was. */
  written?: Written;
}
