import type { User } from './user.ts';
import type { UserChange } from './user-change.ts';

/** What changes on a user who loses its contact of a connection: nothing is returned there any more. */
export function unlinked({ effects }: User, connection: string): UserChange {
  const isReturning = effects.return_password?.connection === connection;
  return { unlinked: connection, ...(isReturning ? { effects: { return_password: undefined } } : {}) };
}
