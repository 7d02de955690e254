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
  passwordSetAt?: string;
  importedPasswordSetAt?: string;
  setPassword?: StoredKey;
}

/** `busy`: another job works on it or died over it; `gone`: it is done or called off. */
export type Claim = 'claimed' | 'busy' | 'gone';

/** What a job has seen: it does not work on an effect that a move has put in place of it, or for another address. */
export interface AsSeen {
  /** The address that the secret goes to. */
  email?: string | undefined;
  /** Since when the effect is to be done. */
  since?: string | undefined;
}

/**
 * Claims a pending effect for a minute.
 *
 * @throws WriteConflict when the item is being written by a transaction, or is not as it was seen
 */
export async function claimEffect(
  table: UserTable,
  userId: string,
  effect: EffectName,
  { email, since, ...written }: ClaimedWith & AsSeen,
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
        ConditionExpression: `attribute_exists(effects.#effect) AND (attribute_not_exists(effects.#effect.claimedUntil) OR effects.#effect.claimedUntil < :now)${email === undefined ? '' : ' AND email = :email'}${since === undefined ? '' : ' AND effects.#effect.since = :since'}`,
        UpdateExpression: `SET ${sets.join(', ')}`,
        ExpressionAttributeNames: { '#effect': effect },
        ExpressionAttributeValues: {
          ':now': now.toISOString(),
          ':until': new Date(now.getTime() + claimMs).toISOString(),
          ...values,
          ...(email === undefined ? {} : { ':email': email }),
          ...(since === undefined ? {} : { ':since': since }),
        },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    return 'claimed';
  } catch (error) {
    if (!isConditionFailure(error)) return orConflict<never>(Promise.reject(error));
    const item = refusedItem(error);
    if (item && email !== undefined && item['email']?.S !== email) throw new WriteConflict(error);
    const pending = new Map(Object.entries(item?.['effects']?.M ?? {})).get(effect);
    if (pending && since !== undefined && pending.M?.['since']?.S !== since) throw new WriteConflict(error);
    return pending ? 'busy' : 'gone';
  }
}

/** Gives a claim back after a failure, so that the next try need not wait for it to run out. */
export function releaseEffect(
  table: UserTable,
  userId: string,
  effect: EffectName,
  seen?: AsSeen,
): Promise<void> {
  return change(table, userId, effect, { UpdateExpression: 'REMOVE effects.#effect.claimedUntil', ...seen });
}

/** Marks a claimed effect as done. One that a move has put in its place meanwhile stays: it is not claimed, or of another time. */
export function finishEffect(
  table: UserTable,
  userId: string,
  effect: EffectName,
  seen?: AsSeen,
): Promise<void> {
  return change(table, userId, effect, { UpdateExpression: 'REMOVE effects.#effect', ...seen });
}

async function change(
  table: UserTable,
  userId: string,
  effect: EffectName,
  { UpdateExpression, since }: AsSeen & { UpdateExpression: string },
) {
  const update = new UpdateCommand({
    TableName: table.name,
    Key: userKey(userId),
    // The user may have been deleted, moved, or have set a password meanwhile: nothing must come back by this.
    ConditionExpression: `attribute_exists(effects.#effect.claimedUntil)${since === undefined ? '' : ' AND effects.#effect.since = :since'}`,
    UpdateExpression,
    ExpressionAttributeNames: { '#effect': effect },
    ...(since === undefined ? {} : { ExpressionAttributeValues: { ':since': since } }),
  });
  try {
    // A mail that was sent and not marked would be sent again.
    await pastTransactions(() => table.documents.send(update));
  } catch (error) {
    if (!isConditionFailure(error)) throw error;
  }
}
