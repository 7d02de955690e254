import type { Config } from '../../functions/config/config.ts';
import type { EffectsJob } from '../../functions/jobs/job.ts';
import type { User } from '../../functions/users/user.ts';

/**
 * A job that does what is still pending for a user; undefined when the user has no contact of a connection that is
 * configured. A password goes to a connection that returns passwords: which of a user's contacts created it is not kept.
 */
export function effectsJob(
  user: User,
  { connections }: Pick<Config, 'connections'>,
  { id, requestId, now }: { id: string; requestId: string; now: Date },
): EffectsJob | undefined {
  const contacts = Object.entries(user.contacts).filter(([name]) => Object.hasOwn(connections, name));
  const [first] = contacts;
  const [connection, contactId] =
    contacts.find(([name]) => connections[name]?.returnPassword !== undefined) ?? first ?? [];
  if (connection === undefined || contactId === undefined) return undefined;
  return {
    kind: 'effects',
    id,
    userId: user.id,
    connection,
    contactId,
    lane: 'live',
    requestId,
    createdAt: now.toISOString(),
  };
}
