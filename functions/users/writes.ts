import type { TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { type Key, tagKey, userItem, userKey } from './items.ts';
import type { User } from './user.ts';
import type { UserTable } from './user-table.ts';

/**
 * The parts of which transactions on users are made, each with its condition: who may take a claim, give it up, and write a
 * user. Written once, because a condition that is forgotten in one place is a user that is lost.
 */
export type Write = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** A condition on an item, as DynamoDB's commands take it. */
export interface Condition {
  ConditionExpression: string;
  ExpressionAttributeValues?: Record<string, unknown>;
}

/** No such item exists. */
export const ifFree: Condition = { ConditionExpression: 'attribute_not_exists(pk)' };

/** The claim is this user's. */
export const ifHeldBy = (userId: string): Condition => ({
  ConditionExpression: 'userId = :holder',
  ExpressionAttributeValues: { ':holder': userId },
});

/** The claim is nobody's, or this user's already: a write that is repeated finds what it has written itself. */
export const ifFreeOrHeldBy = (userId: string): Condition => ({
  ConditionExpression: `attribute_not_exists(pk) OR ${ifHeldBy(userId).ConditionExpression}`,
  ExpressionAttributeValues: { ':holder': userId },
});

/** Nobody has written the user since it was read: it is what was seen. */
export const sameVersion = ({ version }: Pick<User, 'version'>) => ({
  ConditionExpression: 'version = :version',
  ExpressionAttributeValues: { ':version': version } as Record<string, unknown>,
});

/**
 * Nobody has written the user since it was read, and nobody has found it in agreement with its contact. Whoever did may have
 * pulled the contact later than the writer. Every write of a webhook is made on this condition.
 */
export function asRead({ version, looks }: Pick<User, 'version' | 'looks'>) {
  const { ConditionExpression, ExpressionAttributeValues } = sameVersion({ version });
  if (looks === undefined) {
    const nobody = `${ConditionExpression} AND attribute_not_exists(looks)`;
    return { ConditionExpression: nobody, ExpressionAttributeValues };
  }
  return {
    ConditionExpression: `${ConditionExpression} AND looks = :looks`,
    ExpressionAttributeValues: { ...ExpressionAttributeValues, ':looks': looks },
  };
}

/** As it was read, and no password was set or ended since: that counts no version. */
export function asReadWithPassword(user: Pick<User, 'version' | 'looks' | 'passwordSetAt'>) {
  const { ConditionExpression, ExpressionAttributeValues } = asRead(user);
  const { passwordSetAt } = user;
  const [same, values] =
    passwordSetAt === undefined
      ? ['attribute_not_exists(passwordSetAt)', {}]
      : ['passwordSetAt = :passwordSetAt', { ':passwordSetAt': passwordSetAt }];
  return {
    ConditionExpression: `${ConditionExpression} AND ${same}`,
    ExpressionAttributeValues: { ...ExpressionAttributeValues, ...values },
  };
}

/** As it was read, and no welcome mail is under way at the moment. */
export function asReadWithoutMail(user: Pick<User, 'version' | 'looks'>, now: string) {
  const { ConditionExpression, ExpressionAttributeValues } = asRead(user);
  const claim = 'effects.welcome_mail.claimedUntil';
  return {
    ConditionExpression: `${ConditionExpression} AND (attribute_not_exists(${claim}) OR ${claim} < :claimable)`,
    ExpressionAttributeValues: { ...ExpressionAttributeValues, ':claimable': now },
  };
}

/** Takes an address, a username or a contact for a user. */
export const claim = ({ name }: UserTable, key: Key, userId: string, condition: Condition): Write => ({
  Put: { TableName: name, Item: { ...key, userId }, ...condition },
});

/** Gives one up. */
export const release = ({ name }: UserTable, key: Key, condition: Condition): Write => ({
  Delete: { TableName: name, Key: { ...key }, ...condition },
});

/** Checks an item and leaves it. */
export const check = ({ name }: UserTable, key: Key, condition: Condition): Write => ({
  ConditionCheck: { TableName: name, Key: { ...key }, ...condition },
});

/** Puts a new user. */
export const putUser = ({ name }: UserTable, user: User): Write => ({
  Put: { TableName: name, Item: userItem(user), ...ifFree },
});

/** Deletes a user as it was read. Whoever has chosen a password meanwhile is somebody else than was to be deleted. */
export const deleteItemOf = ({ name }: UserTable, user: User): Write => ({
  Delete: { TableName: name, Key: userKey(user.id), ...asReadWithPassword(user) },
});

/** Makes a user a member of a tag. */
export const putTag = ({ name }: UserTable, tag: string, userId: string, applied: string): Write => ({
  Put: { TableName: name, Item: { ...tagKey(tag, userId), tag, applied } },
});

/** And no longer. */
export const deleteTag = ({ name }: UserTable, tag: string, userId: string): Write => ({
  Delete: { TableName: name, Key: tagKey(tag, userId) },
});
