import { TransactGetCommand } from '@aws-sdk/lib-dynamodb';
import { type Key, userKey } from '../../functions/users/items.ts';
import type { User } from '../../functions/users/user.ts';
import { isConflict, type UserTable } from '../../functions/users/user-table.ts';
import {
  holderOf,
  type IndexItem,
  type Item,
  indexItems,
  isClaim,
  nameOf,
  wholeUser,
} from './verify-items.ts';

/** What may be wrong: this item of the index, for this user. */
export interface Suspicion {
  key: Key;
  userId: string;
}

/** A user as one look has seen it; `unreadable` is an item that Usher cannot have written. */
type SeenUser = User | 'unreadable' | undefined;

/**
 * An item of the index and its user disagree.
 *
 * - `orphan`: the item belongs to a user that does not exist, or has no such address, username, contact or tag
 * - `missing`: the user has it, and the item is not there
 * - `misdirected`: the user has it, and the item belongs to somebody who has it not
 * - `clash`: two users have it
 */
export interface IndexProblem extends Suspicion {
  kind: 'orphan' | 'missing' | 'misdirected' | 'clash';
  /** The item as it should be; undefined when there should be none. */
  expected: IndexItem | undefined;
  /** The user as it was seen, and whoever has its item. */
  user: User | undefined;
  holder?: { id: string; user: User | undefined };
}

/** Waits, in milliseconds; passed in so that a test need not. */
export type Sleep = (ms: number) => Promise<void>;

const tries = 12;
const pauseMs = 50;

/** Reads items as they were at one moment. A transaction under way on any of them is waited for. */
async function readTogether(table: UserTable, keys: readonly Key[], sleep: Sleep) {
  for (let count = 1; ; count += 1) {
    try {
      const { Responses = [] } = await table.documents.send(
        new TransactGetCommand({
          TransactItems: keys.map((Key) => ({ Get: { TableName: table.name, Key } })),
        }),
      );
      return Responses.map(({ Item }): Item | undefined => Item);
    } catch (error) {
      if (!isConflict(error) || count >= tries) throw error;
      await sleep(pauseMs * count);
    }
  }
}

const seenUser = (item: Item | undefined): SeenUser => item && (wholeUser(item) ?? 'unreadable');

/**
 * Looks at an item of the index, its user, and whoever has the item instead, all as they were at one moment. As every
 * write of Usher's leaves these in agreement, a problem seen here is one.
 */
export async function look(
  table: UserTable,
  { key, userId }: Suspicion,
  sleep: Sleep,
): Promise<IndexProblem | undefined> {
  let other: string | undefined;
  for (;;) {
    const ids = other === undefined ? [userId] : [userId, other];
    const [item, ...users] = await readTogether(table, [key, ...ids.map(userKey)], sleep);
    const holder = item && holderOf(item);
    // Somebody else has it by now: that user belongs to the picture.
    if (holder !== undefined && !ids.includes(holder)) {
      other = holder;
      continue;
    }
    const [user, otherUser] = users.map(seenUser);
    return problemIn({ key, userId }, { item, user, holder, otherUser });
  }
}

/** An item, its user, and who has it instead. */
interface Seen {
  item: Item | undefined;
  user: SeenUser;
  holder: string | undefined;
  otherUser: SeenUser;
}

function problemIn(suspicion: Suspicion, { item, user, holder, otherUser }: Seen): IndexProblem | undefined {
  if (user === 'unreadable' || otherUser === 'unreadable') return undefined;
  const expected = user && expectedAt(user, suspicion.key);
  const problem = { ...suspicion, expected, user };
  if (!expected) return item && holder === suspicion.userId ? { ...problem, kind: 'orphan' } : undefined;
  if (!item) return { ...problem, kind: 'missing' };
  if (!isClaim(suspicion.key)) {
    return item['tag'] === expected.tag ? undefined : { ...problem, kind: 'missing' };
  }
  if (holder === suspicion.userId) return undefined;
  // A claim that names nobody is not touched either.
  const isTaken = holder === undefined || (otherUser && expectedAt(otherUser, suspicion.key));
  const named = holder === undefined ? {} : { holder: { id: holder, user: otherUser } };
  return { ...problem, ...named, kind: isTaken ? 'clash' : 'misdirected' };
}

function expectedAt(user: User, key: Key): IndexItem | undefined {
  return indexItems(user).find((item) => nameOf(item) === nameOf(key));
}
