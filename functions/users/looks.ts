import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { type Key, userKey } from './items.ts';
import type { KeptRole } from './roles.ts';
import type { User } from './user.ts';
import { isConditionFailure, isConflict, orConflict, type UserTable, WriteConflict } from './user-table.ts';
import { check, sameVersion, type Write } from './writes.ts';

/** Longer than any webhook is under way, in milliseconds. The table's TTL ends the item some time after. */
const lifetimeMs = 60 * 60 * 1000;

/** The looks at a contact or an address that has no user, as they were read; no `count` while there was none. */
export interface Looks {
  key: Key;
  count: number | undefined;
  /** The newest role that one of them wanted for the user. */
  kept: KeptRole | undefined;
}

/** The looks in an item, as the document client gives it. */
export function looksOf(key: Key, item: Record<string, unknown> | undefined): Looks {
  const { looks, role, roleAt } = item ?? {};
  return {
    key,
    count: typeof looks === 'number' ? looks : undefined,
    kept: typeof role === 'string' && typeof roleAt === 'string' ? { role, at: roleAt } : undefined,
  };
}

/**
 * Marks a user, as it was read before its contact was pulled, as found in agreement with it. Whoever has an older pull and
 * has not written yet will find the mark. Looks do not disturb each other.
 *
 * @param roleAt when the webhook came in that wants the role that the user has; a newer one that is stored stays
 * @param pulled the digests of the contacts' addresses, where they are missing or old
 * @throws WriteConflict when the user has been written since
 */
export async function leaveLook(
  table: UserTable,
  user: User,
  roleAt?: string,
  pulled?: User['pulled'],
): Promise<void> {
  const { ConditionExpression, ExpressionAttributeValues } = sameVersion(user);
  const values = { ...ExpressionAttributeValues, ':one': 1, ...(pulled ? { ':pulled': pulled } : {}) };
  const target = { TableName: table.name, Key: userKey(user.id) };
  const look = new UpdateCommand({
    ...target,
    ConditionExpression,
    UpdateExpression: `${pulled ? 'SET pulled = :pulled ' : ''}ADD looks :one`,
    ExpressionAttributeValues: values,
  });
  if (roleAt !== undefined) {
    const lookWithTime = new UpdateCommand({
      ...target,
      ConditionExpression: `${ConditionExpression} AND (attribute_not_exists(roleAt) OR roleAt < :roleAt)`,
      UpdateExpression: `SET roleAt = :roleAt${pulled ? ', pulled = :pulled' : ''} ADD looks :one`,
      ExpressionAttributeValues: { ...values, ':roleAt': roleAt },
    });
    if (await holds(table.documents.send(lookWithTime))) return;
  }
  await orConflict<unknown>(table.documents.send(look));
}

/**
 * Marks a contact or an address as one that had no user. Whoever is about to create one from an older pull will find the mark,
 * or, coming later, the role.
 *
 * @throws WriteConflict when a transaction holds the item
 */
export async function leaveLookAtNobody(
  table: UserTable,
  key: Key,
  given: KeptRole | undefined,
): Promise<void> {
  const now = table.now().getTime();
  const look = (kept: KeptRole | undefined) =>
    new UpdateCommand({
      TableName: table.name,
      Key: key,
      // It begins with the time, so that no count comes again after the item has ended.
      UpdateExpression: `SET looks = if_not_exists(looks, :now) + :one, expires = :expires${kept ? ', #role = :role, roleAt = :roleAt' : ''}`,
      ExpressionAttributeValues: {
        ':now': now,
        ':one': 1,
        ':expires': Math.ceil((now + lifetimeMs) / 1000),
        ...(kept ? { ':role': kept.role, ':roleAt': kept.at } : {}),
      },
      ...(kept
        ? {
            ConditionExpression: 'attribute_not_exists(roleAt) OR roleAt <= :roleAt',
            ExpressionAttributeNames: { '#role': 'role' },
          }
        : {}),
    });
  if (given && (await holds(table.documents.send(look(given))))) return;
  await orConflict<unknown>(table.documents.send(look(undefined)));
}

/** Whether a write's condition held. */
async function holds(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (isConditionFailure(error)) return false;
    throw isConflict(error) ? new WriteConflict(error) : error;
  }
}

/** For a transaction that creates a user: nobody has looked since. */
export const noLookSince = (table: UserTable, { key, count }: Looks): Write =>
  check(
    table,
    key,
    count === undefined
      ? { ConditionExpression: 'attribute_not_exists(looks)' }
      : { ConditionExpression: 'looks = :looks', ExpressionAttributeValues: { ':looks': count } },
  );
