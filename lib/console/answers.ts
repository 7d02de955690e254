/** What the console's server answers its page. Only types: the page is built without the server. */

/** A log line as the page gets it. */
export interface ShownLine {
  /** Counts the lines that this console has read. */
  seq: number;
  /** ISO 8601. */
  time: string;
  line: Readonly<Record<string, unknown>>;
}

/** Which Usher the page is over. */
export interface About {
  title: string;
  isLocal: boolean;
  /** Whether requests, answers and values are kept. */
  hasTraces: boolean;
  /** Why nothing can be changed; absent where it can. */
  readOnly?: string;
  connections: readonly { name: string; crm: string }[];
  actions: readonly string[];
  roles: readonly { slug: string; name: string; privileged: boolean }[];
  dashboardUrl?: string;
  inbox?: string;
  /** Names of connections with a sandbox. */
  sandboxes: readonly string[];
}

export interface Lines {
  /** Oldest first. */
  lines: readonly ShownLine[];
  /** How many are kept, and since when they were read. */
  kept: number;
  since: string;
  /** Why there are no new ones. */
  problem?: string;
  /** Changes when the lines were read anew, from earlier on: then all that the page has is to be forgotten. */
  run: number;
}

/** How many jobs wait, rest, and were given up. */
export interface Depth {
  at: string;
  waiting: number;
  taken: number;
  dead: number;
}

/** A connection whose CRM is not called at full speed. */
export interface Slowed {
  connection: string;
  sentence: string;
  next: string;
}

/** A contact to be replayed. */
export interface ReplayContact {
  action: string;
  connection: string;
  contactId: string;
  role?: string;
  notify: boolean;
  /** When the webhook came in that is replayed. */
  receivedAt: string;
}

export interface ReplayState {
  id: string;
  started: string;
  total: number;
  /** How many are in the queue for certain. */
  sent: number;
  /** Set while this console works on it. */
  isRunning: boolean;
  problem?: string;
  /** How many contacts have which result, as far as lines tell. */
  results: Readonly<Record<string, number>>;
}

/** A contact of a replay, and what became of it. */
export interface ReplayedContact {
  connection: string;
  contactId: string;
  /** Of the newest line of its job; `not yet` where none was read. */
  result: string;
  code?: string;
}
