import type { GivenRole, KeptRole } from '../users/roles.ts';
import type { Profile } from './profile.ts';
import type { ContactRequest } from './request.ts';

/** A webhook, with the roles that it, its contact and webhooks before there was a user want for it, in order. */
export type Asked = ContactRequest & { roles: readonly GivenRole[] };

/**
 * Puts a webhook and the roles together.
 *
 * @param pulledAt right before the contact was pulled
 * @param kept from webhooks that found no user
 */
export function asked(
  request: ContactRequest,
  profile: Profile,
  pulledAt: string,
  kept: readonly (KeptRole | undefined)[] = [],
): Asked {
  const roles: GivenRole[] = kept.flatMap((role) => (role ? [{ ...role, by: 'kept' as const }] : []));
  if (profile.role !== undefined) roles.push({ role: profile.role, at: pulledAt, by: 'crm' });
  else if (request.role !== undefined)
    roles.push({ role: request.role, at: request.receivedAt, by: 'webhook' });
  return { ...request, roles };
}
