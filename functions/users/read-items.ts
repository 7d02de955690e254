import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import type { Key } from './items.ts';
import type { UserTable } from './user-table.ts';

/** What one BatchGetItem may ask for. */
export const batchSize = 100;

async function readBatch(table: UserTable, keys: readonly Key[]): Promise<Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = [];
  let missing: Record<string, unknown>[] = keys.map((key) => ({ ...key }));
  while (missing.length > 0) {
    const { Responses, UnprocessedKeys } = await table.documents.send(
      new BatchGetCommand({ RequestItems: { [table.name]: { Keys: missing, ConsistentRead: true } } }),
    );
    items.push(...(Responses?.[table.name] ?? []));
    missing = UnprocessedKeys?.[table.name]?.Keys ?? [];
  }
  return items;
}

/** The items with these keys that exist, in no order. One read per hundred of them. */
export async function readItems(table: UserTable, keys: readonly Key[]): Promise<Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = [];
  for (let start = 0; start < keys.length; start += batchSize) {
    items.push(...(await readBatch(table, keys.slice(start, start + batchSize))));
  }
  return items;
}
