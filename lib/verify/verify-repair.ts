import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { userKey } from '../../functions/users/items.ts';
import type { User } from '../../functions/users/user.ts';
import { isConflict, type UserTable } from '../../functions/users/user-table.ts';
import { check, ifFree, ifHeldBy, sameVersion, type Write } from '../../functions/users/writes.ts';
import { isClaim } from './verify-items.ts';
import { type IndexProblem, look, type Sleep } from './verify-look.ts';

/** `gone`: a webhook was faster, or it was none. `remains`: nobody but a person can decide it. */
export type Repair = 'repaired' | 'gone' | 'remains';

const tries = 8;
const pauseMs = 100;

/** The user is still what the repair was decided on: not there, or of the version that was seen. */
function asSeen(table: UserTable, id: string, user: User | undefined): Write {
  // A look since then is no matter: the index follows what the user is, and takes nothing from a contact.
  return check(table, userKey(id), user ? sameVersion(user) : ifFree);
}

function writesFor(table: UserTable, problem: IndexProblem): Write[] {
  const { kind, key, userId, user, expected, holder } = problem;
  const TableName = table.name;
  const writes = [asSeen(table, userId, user)];
  if (kind === 'orphan') {
    const condition = isClaim(key) ? ifHeldBy(userId) : {};
    return [...writes, { Delete: { TableName, Key: { ...key }, ...condition } }];
  }
  if (!isClaim(key)) {
    // The user has the tag at this version, whatever the index says of it.
    const Item = { ...expected, applied: table.now().toISOString() };
    return [...writes, { Put: { TableName, Item } }];
  }
  if (holder) writes.push(asSeen(table, holder.id, holder.user));
  const condition = holder ? ifHeldBy(holder.id) : ifFree;
  return [...writes, { Put: { TableName, Item: { ...expected }, ...condition } }];
}

/**
 * Makes an item of the index agree with its user, in one transaction on condition that both still are what was seen. What
 * has changed meanwhile is looked at and decided again.
 */
export async function repairIndex(table: UserTable, problem: IndexProblem, sleep: Sleep): Promise<Repair> {
  let current = problem;
  for (let count = 1; count <= tries && current.kind !== 'clash'; count += 1) {
    try {
      await table.documents.send(new TransactWriteCommand({ TransactItems: writesFor(table, current) }));
      return 'repaired';
    } catch (error) {
      if (!isConflict(error)) throw error;
    }
    await sleep(pauseMs * count);
    const seen = await look(table, current, sleep);
    if (!seen) return 'gone';
    current = seen;
  }
  return 'remains';
}
