import type { User } from './user.ts';

/** A condition on the item of a user, as DynamoDB's commands take it. */
export interface UserCondition {
  ConditionExpression: string;
  ExpressionAttributeValues: Record<string, unknown>;
}

/** Nobody has written the user since it was read: it is what was seen. */
export const sameVersion = ({ version }: Pick<User, 'version'>): UserCondition => ({
  ConditionExpression: 'version = :version',
  ExpressionAttributeValues: { ':version': version },
});

/**
 * Nobody has written the user since it was read, and nobody has found it in agreement with its contact. Whoever did may have
 * pulled the contact later than the writer. Every write of a webhook is made on this condition.
 */
export function asRead({ version, looks }: Pick<User, 'version' | 'looks'>): UserCondition {
  const { ConditionExpression, ExpressionAttributeValues } = sameVersion({ version });
  if (looks === undefined) {
    return {
      ConditionExpression: `${ConditionExpression} AND attribute_not_exists(looks)`,
      ExpressionAttributeValues,
    };
  }
  return {
    ConditionExpression: `${ConditionExpression} AND looks = :looks`,
    ExpressionAttributeValues: { ...ExpressionAttributeValues, ':looks': looks },
  };
}

/**
 * As `asRead`, and no welcome mail is being sent right now: done, it would take off the effect that takes its place, and nobody
 * would send the new one.
 *
 * @param now ISO 8601; a claim that has ended by then was left by a job that died
 */
export function asReadWithoutMail(user: Pick<User, 'version' | 'looks'>, now: string): UserCondition {
  const { ConditionExpression, ExpressionAttributeValues } = asRead(user);
  const claim = 'effects.welcome_mail.claimedUntil';
  return {
    ConditionExpression: `${ConditionExpression} AND (attribute_not_exists(${claim}) OR ${claim} < :claimable)`,
    ExpressionAttributeValues: { ...ExpressionAttributeValues, ':claimable': now },
  };
}
