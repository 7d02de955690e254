import type { ContactRequest, Outcome } from '../jobs/contact-request.ts';
import { deleteUser } from '../users/delete.ts';
import { findByContact } from '../users/find.ts';
import { leaveLook } from '../users/looks.ts';
import { retryOnConflict } from '../users/retry-on-conflict.ts';
import { isPrivileged } from '../users/roles.ts';
import { updateUser } from '../users/update.ts';
import type { ActionPorts } from './ports.ts';

/**
 * Deletes the user of a contact if the CRM itself says so, by the tag that the connection names: a webhook alone can be made up.
 * A user whom another connection has a contact of is only unlinked, and one who is administered by hand stays.
 *
 * @throws ContactNotFound for a contact that the CRM does not have: it confirms nothing
 */
export function deleteUserOf(
  { connection, contactId }: ContactRequest & { contactId: string },
  ports: ActionPorts,
): Promise<Outcome> {
  const { users, crm, config } = ports;
  const { deleteWhen } = ports.connection;
  return retryOnConflict(async () => {
    const user = await findByContact(users, connection, contactId);
    if (!user) return { result: 'unchanged', contactId, warnings: [] };
    const done = { userId: user.id, contactId, warnings: [] };
    const { tags } = await crm.load(contactId);
    const isConfirmed = deleteWhen !== undefined && tags.includes(deleteWhen);
    const isKept = isPrivileged(config.roles, user.role);
    if (!isConfirmed || isKept) {
      await leaveLook(users, user);
      return { ...done, result: 'unchanged', warnings: isConfirmed ? ['privileged_user'] : [] };
    }
    if (Object.keys(user.contacts).length > 1) {
      await updateUser(users, user, { unlinked: connection });
      return { ...done, result: 'updated' };
    }
    await deleteUser(users, user);
    return { ...done, result: 'deleted' };
  }, ports);
}
