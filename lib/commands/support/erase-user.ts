import type { Random } from '../../../functions/random.ts';
import { deleteUser } from '../../../functions/users/delete.ts';
import { findById } from '../../../functions/users/find.ts';
import { claimKeys } from '../../../functions/users/items.ts';
import { retryOnConflict } from '../../../functions/users/retry-on-conflict.ts';
import type { UserTable } from '../../../functions/users/user-table.ts';

/** What the waiting between two tries needs. */
export interface ErasePorts {
  random: Random;
  sleep: (ms: number) => Promise<void>;
}

/**
 * Deletes a user with every item it has, against whatever webhooks are under way.
 *
 * @returns how many items there were; 0 when somebody else was faster
 * @throws WriteConflict when webhooks change the user all the time: do it again, it will find the user
 */
export function eraseUser(users: UserTable, userId: string, ports: ErasePorts): Promise<number> {
  return retryOnConflict(async () => {
    const user = await findById(users, userId);
    if (!user) return 0;
    await deleteUser(users, user);
    return 1 + claimKeys(user).length + user.tags.length;
  }, ports);
}
