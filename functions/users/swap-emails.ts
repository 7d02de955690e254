import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { emailKey, type Key, loginKey } from './items.ts';
import { userUpdate } from './update.ts';
import type { User } from './user.ts';
import { changedUser, type UserChange } from './user-change.ts';
import { orConflict, type UserTable } from './user-table.ts';
import { claim, ifFree, ifHeldBy, release, type Write } from './writes.ts';

/** A user as it was read, and what is to change with its address. */
export interface Mover {
  user: User;
  change: UserChange & { email: string };
}

/** The claims of address and username, each with its owner. */
function claimsOf(users: readonly User[]): Map<string, { key: Key; id: string }> {
  const claims = users.flatMap(({ id, email, login }) =>
    [emailKey(email), loginKey(login)].map((key) => [key.pk, { key, id }] as const),
  );
  return new Map(claims);
}

/** The writes that turn the claims of some users into what they are to be, on condition that they are as they were. */
function claimWrites(table: UserTable, before: readonly User[], after: readonly User[]): Write[] {
  const [held, wanted] = [claimsOf(before), claimsOf(after)];
  const writes: Write[] = [];
  for (const [pk, { key, id }] of new Map([...held, ...wanted])) {
    const [holder, heir] = [held.get(pk)?.id, wanted.get(pk)?.id];
    if (holder === heir) continue;
    const condition = holder === undefined ? ifFree : ifHeldBy(holder);
    writes.push(heir === undefined ? release(table, key, condition) : claim(table, key, id, condition));
  }
  return writes;
}

/**
 * Gives each of two users the address that the other one holds, with the claims of both, in one transaction. As with every
 * move, passwords and links to set one end.
 *
 * @throws WriteConflict when one of them has changed since it was read
 */
export async function swapEmails(table: UserTable, one: Mover, other: Mover): Promise<void> {
  const now = table.now().toISOString();
  const movers = [one, other].map(({ user, change }) => ({
    user,
    change,
    after: changedUser(user, change, now),
  }));
  const claims = claimWrites(
    table,
    movers.map(({ user }) => user),
    movers.map(({ after }) => after),
  );
  const updates = movers.map(
    ({ user, after, change }): Write => ({ Update: userUpdate(table, user, after, change) }),
  );
  await orConflict<unknown>(
    table.documents.send(new TransactWriteCommand({ TransactItems: [...updates, ...claims] })),
  );
}
