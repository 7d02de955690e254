/** Where the server passes on what is said to the sandbox of a connection. */
export const controlOf = (name: string, path: string): string =>
  `sandbox/${encodeURIComponent(name)}/control/${path}`;

/** A contact of a sandbox, as the server shows it. */
export interface Person {
  id: string;
  email: string | null;
  tags?: string[] | null;
  fields: Record<string, unknown>;
  /** Names of fields whose values are nobody's to see until they are asked for. */
  secrets: string[];
}
