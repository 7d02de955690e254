import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { UsherError } from '../errors.ts';

/** An item of another subject that is read in the same request as a claim, because every action wants both. */
export interface Alongside {
  key: Readonly<{ pk: string; sk: string }>;
  see(item: Record<string, unknown> | undefined): void;
}

/** The table and what is needed to use it. */
export interface UserTable {
  documents: Pick<DynamoDBDocumentClient, 'send'>;
  name: string;
  now: () => Date;
  alongside?: Alongside;
}

/**
 * Somebody else wrote first. Whoever catches it starts over from the read; it never reaches a sender.
 */
export class WriteConflict extends UsherError {
  override name = 'WriteConflict';
  constructor(cause?: unknown) {
    super('too_many_conflicts', 'The user is being changed by others.', { retryable: true, cause });
  }
}

/** The reasons of a cancelled transaction, item by item (`None`, `ConditionalCheckFailed`, `TransactionConflict`, …). */
export function cancellationReasons(error: unknown): string[] {
  if (!(error instanceof Error) || error.name !== 'TransactionCanceledException') return [];
  const reasons = 'CancellationReasons' in error ? error.CancellationReasons : undefined;
  return Array.isArray(reasons) ? reasons.map((reason: { Code?: string }) => reason.Code ?? 'None') : [];
}

const conflictNames = new Set([
  'ConditionalCheckFailedException',
  'TransactionConflictException',
  'TransactionInProgressException',
]);
const conflictReasons = new Set(['ConditionalCheckFailed', 'TransactionConflict']);

/** Whether a write failed because the items are no longer as they were read, or are being written right now. */
export function isConflict(error: unknown): boolean {
  if (error instanceof Error && conflictNames.has(error.name)) return true;
  return cancellationReasons(error).some((reason) => conflictReasons.has(reason));
}

/** Whether a single item's condition did not hold. Unlike `isConflict`, trying again would not help. */
export function isConditionFailure(error: unknown): error is Error {
  return error instanceof Error && error.name === 'ConditionalCheckFailedException';
}

/** An item as DynamoDB sends it; the document client leaves those of errors like this. */
export type SentItem = Readonly<Record<string, { S?: string; M?: SentItem } | undefined>>;

/** The item that a condition did not hold for, when the command asked for it; undefined when there was none. */
export function refusedItem(error: Error): SentItem | undefined {
  return 'Item' in error ? (error.Item as SentItem | undefined) : undefined;
}

/** Runs a write and throws `WriteConflict` in place of DynamoDB's several errors for it. */
export async function orConflict<Result>(write: Promise<Result>): Promise<Result> {
  try {
    return await write;
  } catch (error) {
    throw isConflict(error) ? new WriteConflict(error) : error;
  }
}

/** Tries for a write that any transaction on the same user may hold up for some milliseconds. */
const triesPastTransactions = 10;

/** Runs a write that does not depend on what it overwrites, again while a transaction holds its item. */
export async function pastTransactions<Result>(write: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await write();
    } catch (error) {
      const held = error instanceof Error && error.name === 'TransactionConflictException';
      if (!held || tries >= triesPastTransactions) throw error;
    }
  }
}
