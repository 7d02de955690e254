import { deleteUser } from '../../functions/users/delete.ts';
import { findById } from '../../functions/users/find.ts';
import { retryOnConflict } from '../../functions/users/retry-on-conflict.ts';
import type { User } from '../../functions/users/user.ts';
import type { UserTable } from '../../functions/users/user-table.ts';
import type { ErasePorts } from '../commands/support/erase-user.ts';

/** Whether nobody but the import has written the user: no webhook, no operator, and nobody who has chosen a password. */
export const isAsImported = ({ version, importedVersion, passwordSetAt, importedPasswordSetAt }: User) =>
  version === importedVersion && passwordSetAt === importedPasswordSetAt;

/**
 * Deletes a user that is still as its import has left it.
 *
 * @returns whether it is gone
 * @throws WriteConflict when others change the user all the time
 */
export function undoUser(users: UserTable, id: string, ports: ErasePorts): Promise<boolean> {
  return retryOnConflict(async () => {
    const user = await findById(users, id);
    if (!user) return true;
    if (!isAsImported(user)) return false;
    await deleteUser(users, user);
    return true;
  }, ports);
}
