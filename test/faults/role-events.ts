import type { User } from '../../functions/users/user.ts';
import type { Person } from './person.ts';

/** A webhook that asked for a role. */
export interface RoleEvent {
  /** When it came in, ISO 8601. */
  at: string;
  role: string;
  contactId: string;
  /** Whether it got a 2xx. Else it may have been carried out all the same, or not. */
  isAccepted: boolean;
}

/** Roles that webhooks give. */
export const givenRoles = ['subscriber', 'customer', 'editor'] as const;

/**
 * What is wrong with a user's role, which is that of the newest webhook that was accepted, or of a newer one of which nobody
 * knows. One for a contact that was gone before it was carried out gives none.
 */
export function wrongRole(people: readonly Person[], { role, roleAt }: User): string | undefined {
  const events = people.flatMap(({ roles, contactId }) =>
    roles.map((event) => ({ ...event, isDue: event.isAccepted && event.contactId === contactId })),
  );
  const newest = events
    .flatMap(({ at, isDue }) => (isDue ? [at] : []))
    .sort()
    .at(-1);
  const isGiven = events.some((event) => event.at === roleAt && event.role === role);
  if (roleAt === undefined && newest === undefined && role === 'subscriber') return undefined;
  if (isGiven && (newest === undefined || String(roleAt) >= newest)) return undefined;
  return `${role} since ${roleAt}, and the newest accepted webhook for one is of ${newest}`;
}
