import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import type { NewUser } from '../../functions/users/create.ts';
import type { Key } from '../../functions/users/items.ts';
import type { UserTable } from '../../functions/users/user-table.ts';
import { createTable } from '../../lib/dev/dynamodb.ts';
import { localClient } from '../../lib/dev/local-client.ts';
import { newEmail } from './contacts.ts';

/** What a test does to a command on its way: change its input, write before it, or throw in its place. */
type Meddle = (name: string, input: Record<string, unknown>) => Promise<void> | void;

/** A table of its own, for tests that talk to the user store directly. */
export interface TestTable extends UserTable {
  /** The clock of the table. */
  time: Date;
  meddle: Meddle | undefined;
  stop(): void;
}

export async function startTable(): Promise<TestTable> {
  const documents = DynamoDBDocumentClient.from(
    new DynamoDBClient(localClient(String(process.env['TEST_DYNAMODB']))),
    { marshallOptions: { removeUndefinedValues: true } },
  );
  const name = `test-${randomUUID()}`;
  await createTable(documents, name);
  const send = async (command: { input: Record<string, unknown> }) => {
    await table.meddle?.(command.constructor.name.replace(/Command$/, ''), command.input);
    return documents.send(command as never);
  };
  const table: TestTable = {
    documents: { send: send as DynamoDBDocumentClient['send'] },
    name,
    time: new Date('2026-03-01T12:00:00.000Z'),
    now: () => table.time,
    meddle: undefined,
    stop: () => documents.destroy(),
  };
  return table;
}

/** Does something once, right before the nth command of this name from now. */
export function beforeNth(
  table: TestTable,
  nth: number,
  command: string,
  work: () => Promise<unknown>,
): void {
  let left = nth;
  table.meddle = async (name) => {
    if (name !== command || --left > 0) return;
    table.meddle = undefined;
    await work();
  };
}

/** A user that nobody has created yet, unlike any other. */
export function newUser(change: Partial<NewUser> = {}): NewUser {
  const id = randomUUID();
  const email = newEmail('user');
  return {
    id,
    email,
    login: email,
    role: 'subscriber',
    fields: {},
    tags: [],
    contacts: { encharge: `contact-of-${id}` },
    effects: {},
    ...change,
  };
}

/** An error as the SDK throws it. */
export function awsError(name: string, more: object = {}): Error {
  return Object.assign(new Error(name), { name, $metadata: {}, ...more });
}

/** The table of the test file that runs. */
export let table: TestTable;

/** Makes a table before the tests of a file, or before each of them. What a test does to commands ends with it. */
export function useTable(often: 'once' | 'each' = 'once'): void {
  const tables: TestTable[] = [];
  (often === 'once' ? beforeAll : beforeEach)(async () => {
    table = await startTable();
    tables.push(table);
  });
  afterEach(() => {
    table.meddle = undefined;
  });
  afterAll(() => {
    for (const { stop } of tables) stop();
  });
}

export const put = (item: object) =>
  table.documents.send(new PutCommand({ TableName: table.name, Item: { ...item } }));

export const remove = (key: Key) =>
  table.documents.send(new DeleteCommand({ TableName: table.name, Key: { ...key } }));
