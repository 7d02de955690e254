import { DeleteCommand, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Key } from '../users/items.ts';
import { isConditionFailure, type UserTable } from '../users/user-table.ts';
import type { Access } from './access.ts';
import type { Rate } from './rate.ts';

type Item = Record<string, unknown>;

/** What all functions know of a connection whose CRM limits, fails or refuses. There is none while all is well. */
export interface PaceState {
  rate?: Rate | undefined;
  access?: Access | undefined;
  /** Changes with every write. */
  stamp: string;
}

export type PaceChange = Omit<PaceState, 'stamp'>;

/** An item that nobody has written for so long is dropped by the table, in seconds. */
const keptSeconds = 2 * 24 * 60 * 60;

/** The one item that all functions look at before they call the CRM of a connection. */
export const paceKey = (connection: string): Key => ({ pk: `PACE#${connection}`, sk: 'PACE' });

/** The state in an item, as the document client gives it. */
export function paceOf(item: Item | undefined): PaceState | undefined {
  if (item === undefined) return undefined;
  const { rate, access, stamp } = item;
  return { rate: rate as Rate | undefined, access: access as Access | undefined, stamp: String(stamp) };
}

/** Consistent: it sees every write that was answered. */
export async function readPace(table: UserTable, connection: string): Promise<PaceState | undefined> {
  const { Item } = await table.documents.send(
    new GetCommand({ TableName: table.name, Key: paceKey(connection), ConsistentRead: true }),
  );
  return paceOf(Item);
}

/** On condition that the item still is what was seen. */
const asSeen = (before: PaceState | undefined) =>
  before
    ? { ConditionExpression: 'stamp = :seen', ExpressionAttributeValues: { ':seen': before.stamp } }
    : { ConditionExpression: 'attribute_not_exists(pk)' };

/**
 * Writes the state of a connection, or deletes it when there is nothing to know any more.
 *
 * @returns false when somebody else has written since `before` was read
 */
export async function writePace(
  table: UserTable,
  connection: string,
  before: PaceState | undefined,
  after: PaceState,
): Promise<boolean> {
  const key = paceKey(connection);
  const { rate, access, stamp } = after;
  try {
    if (!rate && !access) {
      if (before)
        await table.documents.send(new DeleteCommand({ TableName: table.name, Key: key, ...asSeen(before) }));
      return true;
    }
    const expires = Math.floor(table.now().getTime() / 1000) + keptSeconds;
    await table.documents.send(
      new PutCommand({
        TableName: table.name,
        Item: { ...key, rate, access, stamp, expires },
        ...asSeen(before),
      }),
    );
    return true;
  } catch (error) {
    if (isConditionFailure(error)) return false;
    throw error;
  }
}

/** Puts a connection back to normal, whatever was known of it. Answers what it was. */
export async function resume(table: UserTable, connection: string): Promise<PaceState | undefined> {
  const { Attributes } = await table.documents.send(
    new DeleteCommand({ TableName: table.name, Key: paceKey(connection), ReturnValues: 'ALL_OLD' }),
  );
  return paceOf(Attributes);
}
