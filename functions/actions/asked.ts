import type { ContactRequest, Written } from '../jobs/contact-request.ts';
import type { Looks } from '../users/looks.ts';
import type { GivenRole, KeptRole } from '../users/roles.ts';
import type { Profile } from './profile.ts';
import { nothingWritten } from './written.ts';

/** What the tries of one webhook have done and seen so far. */
export interface Progress {
  /** A try that started over has written something before. */
  hasWritten: boolean;
  /** What that was, as far as the log tells it. */
  written: Written;
  /** The contact that it has linked the user to. */
  linkedTo?: string;
  /** Roles kept from webhooks that found no user. */
  kept: KeptRole[];
}

/** A webhook, with the roles that it, its contact and webhooks before there was a user want for it, in order. */
export type Asked = ContactRequest & { contactId: string; roles: readonly GivenRole[]; progress: Progress };

export const noProgress = (): Progress => ({ hasWritten: false, written: nothingWritten, kept: [] });

/** For a change that an import asks for. */
export const byImport = ({ bulk, requestId }: ContactRequest): { byImport?: string } =>
  bulk === 'import' ? { byImport: requestId } : {};

/** Remembers the role that somebody wanted who found no user. */
export function keep(progress: Progress, { kept }: Looks): void {
  if (kept) progress.kept.push(kept);
}

/**
 * Puts a webhook and the roles together.
 *
 * @param pulledAt right before the contact was pulled
 */
export function asked(
  request: ContactRequest & { contactId: string },
  profile: Profile,
  pulledAt: string,
  progress: Progress,
): Asked {
  const roles: GivenRole[] = progress.kept.map((role) => ({ ...role, by: 'kept' }));
  if (profile.role !== undefined) roles.push({ role: profile.role, at: pulledAt, by: 'crm' });
  else if (request.role !== undefined)
    roles.push({ role: request.role, at: request.receivedAt, by: 'webhook' });
  return { ...request, roles, progress };
}
