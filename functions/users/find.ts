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

/** Items in the order of their keys, in one request. */
async function readTogether(
  table: UserTable,
  keys: readonly Key[],
): Promise<(Record<string, unknown> | undefined)[]> {
  const { Responses, UnprocessedKeys } = await table.documents.send(
    new BatchGetCommand({ RequestItems: { [table.name]: { Keys: [...keys], ConsistentRead: true } } }),
  );
  // Half an answer would make what is taken look free.
  if (UnprocessedKeys?.[table.name]) throw new WriteConflict();
  const items = Responses?.[table.name] ?? [];
  return keys.map(({ pk, sk }) => items.find((item) => item['pk'] === pk && item['sk'] === sk));
}

async function readClaim(table: UserTable, key: Key): Promise<Record<string, unknown> | undefined> {
  if (!table.alongside) return read(table, key);
  const [claim, companion] = await readTogether(table, [key, table.alongside.key]);
  table.alongside.see(companion);
  return claim;
}

async function findByClaim(table: UserTable, key: Key): Promise<User | undefined> {
  const claim = await readClaim(table, key);
  return claim && findById(table, String(claim['userId']));
}

/** The user that a contact of a CRM is linked to. Two reads, and more only when the link moves meanwhile. */
export async function findByContact(
  table: UserTable,
  connection: string,
  contactId: string,
): Promise<User | undefined> {
  const user = await findByClaim(table, contactKey(connection, contactId));
  if (!user || user.contacts[connection] === contactId) return user;
  // Between the two reads the user has got another contact, and this one lost its link.
  const now = await linkedUserId(table, connection, contactId);
  return now === user.id ? user : now === undefined ? undefined : findById(table, now);
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
  const [emailClaim, loginClaim] = await readTogether(table, [emailKey(email), loginKey(login)]);
  return {
    email: emailClaim && String(emailClaim['userId']),
    login: loginClaim && String(loginClaim['userId']),
  };
}
