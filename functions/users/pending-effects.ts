import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { userKey } from './items.ts';
import type { StoredKey } from './set-password-key.ts';
import type { EffectName } from './user.ts';
import {
  isConditionFailure,
  orConflict,
  pastTransactions,
  refusedItem,
  type UserTable,
  WriteConflict,
} from './user-table.ts';

/** Longer than one job may run, so that a claim outlives its holder only by a crash. */
const claimMs = 60_000;

/** What is written with the claim: the secret's hash, before the secret leaves the house. */
export interface ClaimedWith {
  passwordHash?: string;
  setPassword?: StoredKey;
}

/** `busy`: another job works on it or died over it; `gone`: it is done or called off. */
export type Claim = 'claimed' | 'busy' | 'gone';

/**
 * Claims a pending effect for a minute.
 *
 * @param email the address that the secret goes to: a user with another one by now is not claimed
 * @throws WriteConflict when the item is being written by a transaction, or has another address
 */
export async function claimEffect(
  table: UserTable,
  userId: string,
  effect: EffectName,
  written: ClaimedWith,
  email?: string,
): Promise<Claim> {
  const now = table.now();
  const sets = [
    'effects.#effect.claimedUntil = :until',
    ...Object.keys(written).map((name) => `${name} = :${name}`),
  ];
  const values = Object.fromEntries(Object.entries(written).map(([name, value]) => [`:${name}`, value]));
  try {
    await table.documents.send(
      new UpdateCommand({
        TableName: table.name,
        Key: userKey(userId),
        ConditionExpression: `attribute_exists(effects.#effect) AND (attribute_not_exists(effects.#effect.claimedUntil) OR effects.#effect.claimedUntil < :now)${email === undefined ? '' : ' AND email = :email'}`,
        UpdateExpression: `SET ${sets.join(', ')}`,
        ExpressionAttributeNames: { '#effect': effect },
        ExpressionAttributeValues: {
          ':now': now.toISOString(),
          ':until': new Date(now.getTime() + claimMs).toISOString(),
          ...values,
          ...(email === undefined ? {} : { ':email': email }),
        },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    return 'claimed';
  } catch (error) {
    if (!isConditionFailure(error)) return orConflict<never>(Promise.reject(error));
    const item = refusedItem(error);
    if (item && email !== undefined && item['email']?.S !== email) throw new WriteConflict(error);
    return Object.hasOwn(item?.['effects']?.M ?? {}, effect) ? 'busy' : 'gone';
  }
}

/** Gives a claim back after a failure, so that the next try need not wait for it to run out. */
export function releaseEffect(table: UserTable, userId: string, effect: EffectName): Promise<void> {
  return change(table, userId, effect, 'REMOVE effects.#effect.claimedUntil');
}

/** Marks an effect as done. */
export function finishEffect(table: UserTable, userId: string, effect: EffectName): Promise<void> {
  return change(table, userId, effect, 'REMOVE effects.#effect');
}

async function change(table: UserTable, userId: string, effect: EffectName, UpdateExpression: string) {
  const update = new UpdateCommand({
    TableName: table.name,
    Key: userKey(userId),
    // The user may have been deleted, or have set a password meanwhile: nothing must come back by this.
    ConditionExpression: 'attribute_exists(effects.#effect)',
    UpdateExpression,
    ExpressionAttributeNames: { '#effect': effect },
  });
  try {
    // A mail that was sent and not marked would be sent again.
    await pastTransactions(() => table.documents.send(update));
  } catch (error) {
    if (!isConditionFailure(error)) throw error;
  }
}
