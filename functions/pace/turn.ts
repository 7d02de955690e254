import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Key } from '../users/items.ts';
import type { UserTable } from '../users/user-table.ts';

/** What is kept of a job between its tries, and of a contact between its jobs. */
export interface TurnRecord {
  /** The job that this is about; of another job of the same contact only `failedAt` counts. */
  jobId?: string | undefined;
  /** Its place in the line of its lane. */
  ticket?: number | undefined;
  /** Failed tries, and those of them that were its own: neither the CRM's nor for want of a slot. */
  failures: number;
  own: number;
  /** When a call for this contact failed for the last time, in milliseconds since 1970. */
  failedAt?: number | undefined;
}

/** Longer than a job lives. In seconds. */
const keptSeconds = 2 * 24 * 60 * 60;

/** @param group the message group of the contact's or user's jobs, a digest */
export const turnKey = (group: string): Key => ({ pk: `TURN#${group}`, sk: 'TURN' });

/** The turn of one job, or of a webhook that is none yet. Of a contact's jobs only the first one is worked on. */
export interface Turn {
  group: string;
  /** Reads what is kept, once. */
  read(): Promise<TurnRecord>;
  /** Keeps the place in the line. */
  wait(ticket: number): Promise<void>;
  /** Keeps a failed try. Only the first of an invocation counts. Answers what is known then. */
  fail(isOwn: boolean): Promise<TurnRecord>;
  /** How long the job is to sleep now, in seconds; undefined when nobody has said. */
  restSeconds?: number;
}

export interface TurnOptions {
  table: UserTable;
  group: string;
  /** Absent for a webhook. */
  jobId?: string;
  /** A try of its webhook, before the job was made, has failed. */
  hasFailed?: boolean;
}

export function openTurn({ table, group, jobId, hasFailed = false }: TurnOptions): Turn {
  let known: TurnRecord | undefined;
  let isCounted = false;
  const none = { failures: hasFailed ? 1 : 0, own: 0 };

  async function read(): Promise<TurnRecord> {
    if (known) return known;
    const { Item } = await table.documents.send(
      new GetCommand({ TableName: table.name, Key: turnKey(group), ConsistentRead: true }),
    );
    const kept = Item as TurnRecord | undefined;
    const isMine = jobId !== undefined && kept?.jobId === jobId;
    known = isMine ? kept : { ...none, failedAt: kept?.failedAt };
    return known;
  }

  async function write(record: TurnRecord): Promise<void> {
    known = record;
    const expires = Math.floor(table.now().getTime() / 1000) + keptSeconds;
    if (jobId === undefined) return markContact(record.failedAt, expires);
    const { ticket, failures, own, failedAt } = record;
    const Item = { ...turnKey(group), jobId, ticket, failures, own, failedAt, expires };
    await table.documents.send(new PutCommand({ TableName: table.name, Item }));
  }

  /** A webhook leaves alone what a job of the same contact has written. */
  async function markContact(failedAt: number | undefined, expires: number): Promise<void> {
    await table.documents.send(
      new UpdateCommand({
        TableName: table.name,
        Key: turnKey(group),
        UpdateExpression: 'SET failedAt = :now, expires = :expires',
        ExpressionAttributeValues: { ':now': failedAt, ':expires': expires },
      }),
    );
  }

  return {
    group,
    read,
    async wait(ticket) {
      const record = await read();
      if (jobId !== undefined && record.ticket !== ticket) await write({ ...record, ticket });
    },
    async fail(isOwn) {
      const record = await read();
      if (isCounted) return record;
      isCounted = true;
      const failedAt = table.now().getTime();
      const own = record.own + (isOwn ? 1 : 0);
      await write({ failures: record.failures + 1, own, failedAt });
      return known ?? record;
    },
  };
}
