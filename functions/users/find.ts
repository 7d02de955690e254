import { BatchGetCommand, GetCommand } from '@aws-sdk/lib-dynamodb';
import { contactKey, emailKey, type Key, loginKey, userKey, userOf } from './items.ts';
import type { User } from './user.ts';
import { type UserTable, WriteConflict } from './user-table.ts';

async function read(table: UserTable, Key: Key): Promise<Record<string, unknown> | undefined> {
  const { Item } = await table.documents.send(
    new GetCommand({ TableName: table.name, Key, ConsistentRead: true }),
  );
  return Item;
}

/** The user with this id, or undefined. Consistent: it sees every write that was answered. */
export async function findById(table: UserTable, id: string): Promise<User | undefined> {
  const item = await read(table, userKey(id));
  return item && userOf(item);
}

async function findByClaim(table: UserTable, key: Key): Promise<User | undefined> {
  const claim = await read(table, key);
  return claim && findById(table, String(claim['userId']));
}

/** The user that a contact of a CRM is linked to. Two reads. */
export function findByContact(table: UserTable, connection: string, contactId: string) {
  return findByClaim(table, contactKey(connection, contactId));
}

/** The id of the user a contact is linked to. One read. */
export async function linkedUserId(
  table: UserTable,
  connection: string,
  contactId: string,
): Promise<string | undefined> {
  const link = await read(table, contactKey(connection, contactId));
  return link && String(link['userId']);
}

/** The user holding an e-mail address, in any case. Two reads. */
export function findByEmail(table: UserTable, email: string): Promise<User | undefined> {
  return findByClaim(table, emailKey(email));
}

/** The id of the user holding an e-mail address. One read. */
export async function emailHolder(table: UserTable, email: string): Promise<string | undefined> {
  const claim = await read(table, emailKey(email));
  return claim && String(claim['userId']);
}

/** Which users hold an address and a username. */
export interface Holders {
  email: string | undefined;
  login: string | undefined;
}

/** Who holds an address and a username: ids of users. One read of two items. */
export async function holders(table: UserTable, email: string, login: string): Promise<Holders> {
  const keys = [emailKey(email), loginKey(login)] as const;
  const { Responses, UnprocessedKeys } = await table.documents.send(
    new BatchGetCommand({ RequestItems: { [table.name]: { Keys: [...keys], ConsistentRead: true } } }),
  );
  // Half an answer would make a taken name look free.
  if (UnprocessedKeys?.[table.name]) throw new WriteConflict();
  const claims = Responses?.[table.name] ?? [];
  const [emailClaim, loginClaim] = keys.map(
    ({ pk }) => claims.find((claim) => claim['pk'] === pk)?.['userId'],
  );
  return {
    email: emailClaim === undefined ? undefined : String(emailClaim),
    login: loginClaim === undefined ? undefined : String(loginClaim),
  };
}
