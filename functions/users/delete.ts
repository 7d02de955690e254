import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { claimKeys } from './items.ts';
import { updateUser } from './update.ts';
import type { User } from './user.ts';
import { orConflict, type UserTable } from './user-table.ts';
import { deleteItemOf, deleteTag, ifFreeOrHeldBy, release } from './writes.ts';

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html */
const largestTransaction = 100;

/**
 * Deletes a user as it was read, with every item it has.
 *
 * The tags that do not fit into one transaction go first, by ordinary updates; claims, links and the user itself go
 * together, last. So whenever this ends early a whole user is left, with fewer tags, and found as before: doing it again
 * finishes it. That it is as it was read, its password too, is a condition of every step: a webhook under way, or whoever
 * chooses a password, either comes first or finds no user.
 *
 * @throws WriteConflict when the user has changed since it was read: start over from the read
 */
export async function deleteUser(table: UserTable, user: User): Promise<void> {
  const claims = claimKeys(user);
  // A user has one link per connection, of which the function's environment holds a few dozen at most.
  const room = largestTransaction - claims.length - 1;
  const excess = user.tags.slice(room);
  const tags = { added: [], removed: excess };
  // Whom an import has made it has still made when this ends early: undone again, the rest goes, too.
  const byImport = user.importedBy === undefined ? {} : { byImport: user.importedBy };
  const rest =
    excess.length === 0 ? user : await updateUser(table, user, { ...byImport, deletes: true, tags });

  const writes = [
    ...claims.map((key) => release(table, key, ifFreeOrHeldBy(user.id))),
    ...rest.tags.map((tag) => deleteTag(table, tag, user.id)),
    deleteItemOf(table, rest),
  ];
  await orConflict<unknown>(table.documents.send(new TransactWriteCommand({ TransactItems: writes })));
}
