import type { Config } from '../../../functions/config/config.ts';
import type { EffectsJob } from '../../../functions/jobs/job.ts';
import type { User } from '../../../functions/users/user.ts';

/**
 * A job that does what is still pending for a user; undefined when the user has no contact of a connection that is
 * configured. A password goes to the connection that asked for it. Those of earlier releases do not say which that was: then
 * it is undefined too, unless there is only one.
 */
export function effectsJob(
  user: User,
  { connections }: Pick<Config, 'connections'>,
  { id, requestId, now }: { id: string; requestId: string; now: Date },
): EffectsJob | undefined {
  const contacts = Object.entries(user.contacts).filter(([name]) => Object.hasOwn(connections, name));
  const password = user.effects.return_password;
  if (password && password.connection === undefined && Object.keys(user.contacts).length > 1)
    return undefined;
  const [connection, contactId] =
    contacts.find(([name]) => name === password?.connection) ?? contacts[0] ?? [];
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
