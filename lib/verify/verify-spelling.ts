import { findById } from '../../functions/users/find.ts';
import { updateUser } from '../../functions/users/update.ts';
import type { User } from '../../functions/users/user.ts';
import type { UserChange } from '../../functions/users/user-change.ts';
import { type UserTable, WriteConflict } from '../../functions/users/user-table.ts';
import type { Sleep } from './verify-look.ts';

/** What brings a user's tags into NFC, in which they are compared; undefined when they are. Earlier releases kept any form. */
export function respelledTags({ tags }: User): UserChange['tags'] {
  const removed = tags.filter((tag) => tag !== tag.normalize('NFC'));
  if (removed.length === 0) return undefined;
  const held = new Set(tags);
  const spelled = new Set(removed.map((tag) => tag.normalize('NFC')));
  return { removed, added: [...spelled].filter((tag) => !held.has(tag)) };
}

const tries = 8;
const pauseMs = 100;

/** Writes a user's tags anew, with their index, as a webhook would. */
export async function respellTags(
  table: UserTable,
  userId: string,
  sleep: Sleep,
): Promise<'repaired' | 'gone' | 'remains'> {
  for (let count = 1; count <= tries; count += 1) {
    const user = await findById(table, userId);
    const tags = user && respelledTags(user);
    if (!tags) return 'gone';
    try {
      await updateUser(table, user, { tags });
      return 'repaired';
    } catch (error) {
      if (!(error instanceof WriteConflict)) throw error;
    }
    await sleep(pauseMs * count);
  }
  return 'remains';
}
