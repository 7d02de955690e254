/** A user as the server shows it. */
export interface ShownUser {
  id: string;
  email: string;
  login: string;
  role: string;
  tags: string[];
  fields: Record<string, unknown>;
  contacts: Record<string, string>;
  effects: Record<string, object>;
  mail?: { state: string; at: string };
  created: string;
  updated: string;
  hasPassword: boolean;
}

export const shownValue = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value);
