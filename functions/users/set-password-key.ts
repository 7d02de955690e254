import { createHash, timingSafeEqual } from 'node:crypto';
import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Random } from '../random.ts';
import { userKey, userOf } from './items.ts';
import { hashPassword } from './password.ts';
import type { PendingEffect, User } from './user.ts';
import { isConditionFailure, pastTransactions, refusedItem, type UserTable } from './user-table.ts';

const lifetimeMs = 24 * 60 * 60 * 1000;
/** The id comes from a link. Ours are UUIDs; DynamoDB refuses what is much longer. */
const longestId = 256;

/** What the user item keeps of a one-time key: enough to recognise it, not enough to use it. */
export interface StoredKey {
  /** SHA-256 in hex; the key itself has 256 bits, so it needs no slow hash. */
  hash: string;
  /** ISO 8601. */
  expires: string;
}

const digest = (key: string) => createHash('sha256').update(key).digest('hex');

/** Takes as long for any two digests, so that the time tells nothing. */
const isSame = (one: string, other: string) =>
  one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));

/** A one-time key for a mail, and what the user item keeps of it for 24 hours. */
export function newSetPasswordKey(random: Random, now: Date): { key: string; stored: StoredKey } {
  const key = random.bytes(32).toString('base64url');
  return {
    key,
    stored: { hash: digest(key), expires: new Date(now.getTime() + lifetimeMs).toISOString() },
  };
}

async function readUserItem(table: UserTable, userId: string): Promise<Record<string, unknown> | undefined> {
  if (userId.length > longestId) return undefined;
  const { Item } = await table.documents.send(
    new GetCommand({ TableName: table.name, Key: userKey(userId), ConsistentRead: true }),
  );
  return Item;
}

function holds(item: Record<string, unknown> | undefined, key: string): boolean {
  const stored = item?.['setPassword'] as StoredKey | undefined;
  return stored !== undefined && isSame(stored.hash, digest(key));
}

/** The user for whom a one-time key is good now. Looking does not use it up. */
export async function userWithKey(table: UserTable, userId: string, key: string): Promise<User | undefined> {
  const item = await readUserItem(table, userId);
  if (!item || !holds(item, key)) return undefined;
  const { expires } = item['setPassword'] as StoredKey;
  return expires > table.now().toISOString() ? userOf(item) : undefined;
}

/**
 * Sets a user's password with the one-time key from the welcome mail. The key is used up by it, and a password
 * still on its way to the CRM is called off.
 *
 * @param told the mail that tells of it, where there was a password before
 * @returns false when the key is wrong, used or expired; which of these is not told
 */
export async function setPasswordWithKey(
  table: UserTable,
  random: Random,
  { userId, key, password }: { userId: string; key: string; password: string },
  told?: PendingEffect,
): Promise<boolean> {
  // Hashing a password takes memory and time: only for somebody who holds the key.
  if (!holds(await readUserItem(table, userId), key)) return false;
  const passwordHash = await hashPassword(password, random);
  const update = new UpdateCommand({
    TableName: table.name,
    Key: userKey(userId),
    ConditionExpression: 'setPassword.#hash = :hash AND setPassword.expires > :now',
    UpdateExpression: `SET passwordHash = :password, passwordSetAt = :now${told ? ', effects.changed_mail = :told' : ''} REMOVE setPassword, effects.return_password`,
    ExpressionAttributeNames: { '#hash': 'hash' },
    ExpressionAttributeValues: {
      ':hash': digest(key),
      ...(told ? { ':told': told } : {}),
      ':now': table.now().toISOString(),
      ':password': passwordHash,
    },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  try {
    await pastTransactions(() => table.documents.send(update));
    return true;
  } catch (error) {
    if (!isConditionFailure(error)) throw error;
    // A write whose answer was lost is sent once more by the SDK, and finds the key used: by itself. Each hash has a salt.
    return refusedItem(error)?.['passwordHash']?.S === passwordHash;
  }
}
