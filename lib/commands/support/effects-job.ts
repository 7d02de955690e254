import type { Config } from '../../../functions/config/config.ts';
import type { EffectsJob } from '../../../functions/jobs/job.ts';
import type { User } from '../../../functions/users/user.ts';

/** Whether a password is pending that an earlier release has asked for, and any of the user's contacts may be meant. */
export const isOfNobodyKnown = ({ effects, contacts }: User): boolean =>
  effects.return_password !== undefined &&
  effects.return_password.connection === undefined &&
  Object.keys(contacts).length > 1;

/**
 * A job that does what is still pending for a user. A password goes to the connection that asked for it. Those of earlier
 * releases do not say which that was: then it is undefined, unless the user has one contact only. Mails need no contact.
 */
export function effectsJob(
  user: User,
  { connections }: Pick<Config, 'connections'>,
  { id, requestId, now }: { id: string; requestId: string; now: Date },
): EffectsJob | undefined {
  if (isOfNobodyKnown(user)) return undefined;
  const contacts = Object.entries(user.contacts).filter(([name]) => Object.hasOwn(connections, name));
  const [connection, contactId] =
    contacts.find(([name]) => name === user.effects.return_password?.connection) ?? contacts[0] ?? [];
  return {
    kind: 'effects',
    id,
    userId: user.id,
    connection: connection ?? 'none',
    ...(contactId === undefined ? {} : { contactId }),
    lane: 'live',
    requestId,
    createdAt: now.toISOString(),
  };
}
