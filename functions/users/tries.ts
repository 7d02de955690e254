import { createHash } from 'node:crypto';
import { DeleteCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Key } from './items.ts';
import { isConditionFailure, pastTransactions, type UserTable } from './user-table.ts';
import type { Write } from './writes.ts';

/** How often something may be tried within a span of time, which begins with the first try. */
export interface TryLimit {
  /** Whose tries they are: all of a subject's are forgotten together. */
  subject: readonly string[];
  /** What is tried, and from where: each has a count of its own. */
  what: readonly string[];
  most: number;
  seconds: number;
}

/** The count of a limit as it is stored; none while nobody has tried. */
export type Tries = { tries: number; endsAt: number } | undefined;

const digest = (parts: readonly string[]) =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);

const partition = (subject: readonly string[]) => `TRIES#${digest(subject)}`;

export const triesKey = ({ subject, what, seconds }: TryLimit): Key => ({
  pk: partition(subject),
  sk: `${digest(what)}#${seconds}`,
});

/** Milliseconds until another try is allowed. */
export const waitMs = ({ most }: TryLimit, stored: Tries, now: Date): number =>
  stored && stored.tries >= most ? Math.max(stored.endsAt - now.getTime(), 0) : 0;

/**
 * Counts a try on condition that it is not one too many.
 *
 * @param stored what was read of the count, which may be old: then the condition does not hold
 */
export function tryWrite({ name, now }: UserTable, limit: TryLimit, stored: Tries) {
  const at = now().getTime();
  const endsAt = at + limit.seconds * 1000;
  const isUnderWay = stored !== undefined && stored.endsAt > at;
  const rest = isUnderWay
    ? {
        ConditionExpression: 'endsAt > :now AND tries < :most',
        UpdateExpression: 'ADD tries :one',
        ExpressionAttributeValues: { ':now': at, ':most': limit.most, ':one': 1 },
      }
    : {
        ConditionExpression: 'attribute_not_exists(endsAt) OR endsAt <= :now',
        UpdateExpression: 'SET tries = :one, endsAt = :endsAt, expires = :expires',
        ExpressionAttributeValues: {
          ':now': at,
          ':one': 1,
          ':endsAt': endsAt,
          ':expires': Math.ceil(endsAt / 1000),
        },
      };
  const Update = { TableName: name, Key: { ...triesKey(limit) }, ...rest };
  return { Update } satisfies Write;
}

/** A limit that a try was counted against, in the span that ends then. */
interface Counted {
  limit: TryLimit;
  endsAt: number;
}

/** What a write that was refused has found. */
function triesIn(error: Error): Tries {
  const item = 'Item' in error ? (error.Item as Record<string, { N?: string }> | undefined) : undefined;
  return item && { tries: Number(item['tries']?.N), endsAt: Number(item['endsAt']?.N) };
}

/** Counts a try against one limit; answers when its span ends, or the milliseconds to wait. */
async function countOne(table: UserTable, limit: TryLimit): Promise<{ endsAt: number } | { waitMs: number }> {
  // Most tries are not the first: where there is no count yet the answer says so.
  let stored: Tries = { tries: 0, endsAt: Number.POSITIVE_INFINITY };
  for (;;) {
    const { Update } = tryWrite(table, limit, stored);
    const update = new UpdateCommand({
      ...Update,
      ReturnValues: 'ALL_NEW',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    try {
      const { Attributes } = await pastTransactions(() => table.documents.send(update));
      return { endsAt: Number(Attributes?.['endsAt']) };
    } catch (error) {
      if (!isConditionFailure(error)) throw error;
      stored = triesIn(error);
      const wait = waitMs(limit, stored, table.now());
      if (wait > 0) return { waitMs: wait };
    }
  }
}

/** Gives a try back; nothing is left to give back where it has been forgotten, or its span is over. */
async function giveBack(table: UserTable, { limit, endsAt }: Counted): Promise<void> {
  const update = new UpdateCommand({
    TableName: table.name,
    Key: { ...triesKey(limit) },
    ConditionExpression: 'tries > :none AND endsAt = :endsAt',
    UpdateExpression: 'ADD tries :less',
    ExpressionAttributeValues: { ':none': 0, ':less': -1, ':endsAt': endsAt },
  });
  try {
    await pastTransactions(() => table.documents.send(update));
  } catch (error) {
    if (!isConditionFailure(error)) throw error;
  }
}

/** A try that was counted. */
export interface CountedTry {
  giveBack(): Promise<void>;
}

/**
 * Counts one try against every limit, before it is made: of any number at once no more get through than may.
 *
 * @returns the milliseconds to wait where it is one too many, and then it counts for none of them
 */
export async function countTry(
  table: UserTable,
  limits: readonly TryLimit[],
): Promise<CountedTry | { waitMs: number }> {
  const counted: Counted[] = [];
  const giveAllBack = async () => {
    await Promise.all(counted.map((one) => giveBack(table, one)));
  };
  for (const limit of limits) {
    const one = await countOne(table, limit).catch(async (error: unknown) => {
      // The try is not made: what was counted of it so far would be one too many.
      await giveAllBack().catch(() => undefined);
      throw error;
    });
    if ('waitMs' in one) {
      await giveAllBack();
      return one;
    }
    counted.push({ limit, endsAt: one.endsAt });
  }
  return { giveBack: giveAllBack };
}

/** Forgets all the tries of a subject. */
export async function forgetTries(table: UserTable, subject: readonly string[]): Promise<void> {
  const { Items = [] } = await table.documents.send(
    new QueryCommand({
      TableName: table.name,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': partition(subject) },
      ProjectionExpression: 'pk, sk',
    }),
  );
  const forget = ({ pk, sk }: Record<string, unknown>) =>
    table.documents.send(new DeleteCommand({ TableName: table.name, Key: { pk, sk } }));
  await Promise.all(Items.map(forget));
}
