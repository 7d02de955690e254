import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { userKey } from './items.ts';
import { readItems } from './read-items.ts';
import { type Tries, type TryLimit, triesKey, tryWrite, waitMs } from './tries.ts';
import type { PendingEffect, User } from './user.ts';
import { orConflict, type UserTable } from './user-table.ts';

const minute = 60;
const day = 24 * 60 * minute;

/** How many links one user is sent: for one network fewer than for all, so that a stranger cannot use them up. */
const limitsOf = (userId: string, network: string) => {
  const subject = ['link', userId];
  return [
    { subject, what: ['any'], most: 1, seconds: 5 * minute },
    { subject, what: ['network', network], most: 5, seconds: day },
    { subject, what: ['any'], most: 20, seconds: day },
  ];
};

/** What is counted against each limit, in their order. */
async function readTries(table: UserTable, limits: readonly TryLimit[]): Promise<Tries[]> {
  const items = await readItems(table, limits.map(triesKey));
  return limits.map((limit) => {
    const { pk, sk } = triesKey(limit);
    return items.find((item) => item['pk'] === pk && item['sk'] === sk) as Tries;
  });
}

/**
 * Asks for a link to choose a password, on condition that the user still has the address that was read. Counting and asking
 * are one write: whatever fails, nobody's try is lost.
 *
 * @returns `limited` when there were too many
 * @throws WriteConflict when somebody else asks at the same time, or the user has another address by now
 */
export async function askForLink(
  table: UserTable,
  user: User,
  network: string,
): Promise<'asked' | 'limited'> {
  // It is to be sent already; a job that is tried again finds its own.
  if (user.effects.link_mail) return 'asked';
  const limits = limitsOf(user.id, network);
  const stored = await readTries(table, limits);
  if (limits.some((limit, index) => waitMs(limit, stored[index], table.now()) > 0)) return 'limited';
  const pending: PendingEffect = { since: table.now().toISOString(), to: user.email };
  const ask = {
    Update: {
      TableName: table.name,
      Key: userKey(user.id),
      ConditionExpression: 'email = :email AND attribute_not_exists(effects.link_mail)',
      UpdateExpression: 'SET effects.link_mail = :pending',
      ExpressionAttributeValues: { ':email': user.email, ':pending': pending },
    },
  };
  const tries = limits.map((limit, index) => tryWrite(table, limit, stored[index]));
  await orConflict<unknown>(
    table.documents.send(new TransactWriteCommand({ TransactItems: [...tries, ask] })),
  );
  return 'asked';
}
