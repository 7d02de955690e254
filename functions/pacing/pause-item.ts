import { randomUUID } from 'node:crypto';
import { DeleteCommand, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Key } from '../users/items.ts';
import { isConditionFailure, type UserTable } from '../users/user-table.ts';
import { type Pause, type PauseReason, probeSeconds } from './pause.ts';

type Item = Record<string, unknown>;

/** The one item that all functions look at before they call the CRM of a connection. */
export const pauseKey = (connection: string): Key => ({ pk: `PAUSE#${connection}`, sk: 'PAUSE' });

const laterIso = (now: Date, seconds: number) => new Date(now.getTime() + seconds * 1000).toISOString();

/** The pause in an item, as the document client gives it. */
export function pauseOf(item: Item | undefined): Pause | undefined {
  if (item === undefined) return undefined;
  const { pk: _pk, sk: _sk, ...pause } = item;
  return pause as unknown as Pause;
}

/** Consistent: it sees every pause that was written. */
export async function readPause(table: UserTable, connection: string): Promise<Pause | undefined> {
  const { Item } = await table.documents.send(
    new GetCommand({ TableName: table.name, Key: pauseKey(connection), ConsistentRead: true }),
  );
  return pauseOf(Item);
}

/** Resolves to undefined when the condition did not hold: somebody else knew more. */
async function unlessOvertaken<Result>(write: Promise<Result>): Promise<Result | undefined> {
  try {
    return await write;
  } catch (error) {
    if (isConditionFailure(error)) return undefined;
    throw error;
  }
}

/** Counts one failure more. */
export async function countFailure(table: UserTable, connection: string): Promise<Pause> {
  const { Attributes } = await table.documents.send(
    new UpdateCommand({
      TableName: table.name,
      Key: pauseKey(connection),
      UpdateExpression:
        'SET reason = if_not_exists(reason, :reason), rounds = if_not_exists(rounds, :zero), stamp = :stamp ADD failures :one',
      ExpressionAttributeValues: {
        ':reason': 'unavailable' satisfies PauseReason,
        ':zero': 0,
        ':one': 1,
        ':stamp': randomUUID(),
      },
      ReturnValues: 'ALL_NEW',
    }),
  );
  return pauseOf(Attributes) as Pause;
}

export interface NewPause {
  reason: PauseReason;
  seconds: number;
  /** When the call that failed was begun. Of calls that were under way together, the first to fail speaks for all. */
  callBegan: Date;
}

/**
 * Pauses a connection, unless it is paused already by a call under way at the same time.
 *
 * @returns what was known before, `{}` when nothing was; undefined when there is nothing new to it
 */
export async function beginPause(
  table: UserTable,
  connection: string,
  { reason, seconds, callBegan }: NewPause,
): Promise<Partial<Pause> | undefined> {
  const now = table.now();
  const written = await unlessOvertaken(
    table.documents.send(
      new UpdateCommand({
        TableName: table.name,
        Key: pauseKey(connection),
        ConditionExpression: 'attribute_not_exists(pausedAt) OR pausedAt < :began',
        UpdateExpression: `SET reason = :reason, #until = :until, pausedAt = :now, stamp = :stamp, failures = :zero${
          reason === 'credentials' ? ', isTokenRejected = :true' : ''
        } ADD rounds :one REMOVE probeUntil`,
        ExpressionAttributeNames: { '#until': 'until' },
        ExpressionAttributeValues: {
          ':reason': reason,
          ':until': laterIso(now, seconds),
          ':now': now.toISOString(),
          ':began': callBegan.toISOString(),
          ':stamp': randomUUID(),
          ':zero': 0,
          ':one': 1,
          ...(reason === 'credentials' ? { ':true': true } : {}),
        },
        ReturnValues: 'ALL_OLD',
      }),
    ),
  );
  return written && (pauseOf(written.Attributes) ?? {});
}

/** Of calls under way together one may be told a later time than the first one was: it counts, but as no pause of its own. */
export async function lengthenPause(table: UserTable, connection: string, seconds: number): Promise<void> {
  await unlessOvertaken(
    table.documents.send(
      new UpdateCommand({
        TableName: table.name,
        Key: pauseKey(connection),
        ConditionExpression: '#until < :until',
        UpdateExpression: 'SET #until = :until, stamp = :stamp REMOVE probeUntil',
        ExpressionAttributeNames: { '#until': 'until' },
        ExpressionAttributeValues: {
          ':until': laterIso(table.now(), seconds),
          ':stamp': randomUUID(),
        },
      }),
    ),
  );
}

/**
 * Claims the one call that finds out whether the CRM has recovered.
 *
 * @returns the pause as it is from then on, or undefined when somebody else was faster
 */
export async function claimProbe(
  table: UserTable,
  connection: string,
  { stamp }: Pause,
): Promise<Pause | undefined> {
  const now = table.now();
  const written = await unlessOvertaken(
    table.documents.send(
      new UpdateCommand({
        TableName: table.name,
        Key: pauseKey(connection),
        ConditionExpression: 'stamp = :seen AND (attribute_not_exists(probeUntil) OR probeUntil < :now)',
        UpdateExpression: 'SET probeUntil = :probeUntil, stamp = :stamp',
        ExpressionAttributeValues: {
          ':seen': stamp,
          ':now': now.toISOString(),
          ':probeUntil': laterIso(now, probeSeconds),
          ':stamp': randomUUID(),
        },
        ReturnValues: 'ALL_NEW',
      }),
    ),
  );
  return pauseOf(written?.Attributes);
}

/**
 * The CRM works again: forgets the pause, or the failures counted so far.
 *
 * @returns whether it was still as it was seen
 */
export async function endPause(table: UserTable, connection: string, { stamp }: Pause): Promise<boolean> {
  const deleted = await unlessOvertaken(
    table.documents.send(
      new DeleteCommand({
        TableName: table.name,
        Key: pauseKey(connection),
        ConditionExpression: 'stamp = :seen',
        ExpressionAttributeValues: { ':seen': stamp },
      }),
    ),
  );
  return deleted !== undefined;
}

/** A new token is stored: the next call may try it, whatever time was left of the pause. */
export async function letTry(table: UserTable, connection: string): Promise<void> {
  await unlessOvertaken(
    table.documents.send(
      new UpdateCommand({
        TableName: table.name,
        Key: pauseKey(connection),
        ConditionExpression: 'reason = :credentials AND attribute_exists(#until)',
        UpdateExpression: 'SET #until = :now, rounds = :zero, stamp = :stamp REMOVE probeUntil',
        ExpressionAttributeNames: { '#until': 'until' },
        ExpressionAttributeValues: {
          ':credentials': 'credentials' satisfies PauseReason,
          ':now': table.now().toISOString(),
          ':zero': 0,
          ':stamp': randomUUID(),
        },
      }),
    ),
  );
}
