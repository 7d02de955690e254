import { setTimeout as sleep } from 'node:timers/promises';
import { secureRandom } from '../../../functions/random.ts';
import { findByEmail } from '../../../functions/users/find.ts';
import type { User } from '../../../functions/users/user.ts';
import { type UserTable, WriteConflict } from '../../../functions/users/user-table.ts';
import { eraseUser } from './erase-user.ts';
import { CommandError } from './terminal.ts';

async function erase(users: UserTable, { id }: User): Promise<number> {
  try {
    return await eraseUser(users, id, { random: secureRandom, sleep });
  } catch (error) {
    if (!(error instanceof WriteConflict)) throw error;
    throw new CommandError(
      'Webhooks change this user all the time: it is not deleted yet. Run the command again.',
      { cause: error },
    );
  }
}

/**
 * Deletes a user with everything that is kept of it.
 *
 * @param told gets how many items there were
 * @throws CommandError when webhooks keep it from being deleted, or have made it anew
 */
export async function removeUser(users: UserTable, user: User, told: (items: number) => void): Promise<void> {
  told(await erase(users, user));
  const successor = await findByEmail(users, user.email);
  if (!successor) return;
  throw new CommandError(
    `A webhook has made the contact a user again meanwhile: ${successor.id}. Delete the contact in the CRM first.`,
  );
}
