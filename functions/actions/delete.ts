import type { ContactRequest, Outcome } from '../jobs/contact-request.ts';
import { deleteUser } from '../users/delete.ts';
import { leaveLook } from '../users/looks.ts';
import { retryOnConflict } from '../users/retry-on-conflict.ts';
import { isPrivileged } from '../users/roles.ts';
import { unlinked } from '../users/unlink.ts';
import { updateUser } from '../users/update.ts';
import { lookFor } from './look-for.ts';
import type { ActionPorts } from './ports.ts';

/**
 * Deletes the user of a contact if the CRM itself says so, by the tag that the connection names: a webhook alone can be made up.
 * A user whom another connection has a contact of is only unlinked, and one who is administered by hand stays.
 *
 * @throws ContactNotFound for a contact that the CRM does not have: it confirms nothing
 */
export function deleteUserOf(
  request: ContactRequest & { contactId: string },
  ports: ActionPorts,
): Promise<Outcome> {
  const { connection, contactId } = request;
  const { users, crm, config } = ports;
  const { deleteWhen } = ports.connection;
  return retryOnConflict(async () => {
    // An `add` under way may have been asked for before.
    const found = await lookFor(request, ports);
    if (!found) return { result: 'unchanged', contactId, warnings: [] };
    const { user } = found;
    const done = { userId: user.id, contactId, warnings: [] };
    const { tags } = await crm.load(contactId);
    const isConfirmed = deleteWhen !== undefined && tags.includes(deleteWhen);
    const isKept = isPrivileged(config.roles, user.role);
    if (!isConfirmed || isKept) {
      await leaveLook(users, user);
      return { ...done, result: 'unchanged', warnings: isConfirmed ? ['privileged_user'] : [] };
    }
    if (Object.keys(user.contacts).length > 1) {
      await updateUser(users, user, unlinked(user, connection));
      return { ...done, result: 'updated' };
    }
    await deleteUser(users, user);
    return { ...done, result: 'deleted' };
  }, ports);
}
