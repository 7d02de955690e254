import { BatchGetCommand, GetCommand } from '@aws-sdk/lib-dynamodb';
import { isShort } from '../mail/email-address.ts';
import {
  addressLooksKey,
  contactKey,
  contactLooksKey,
  emailKey,
  type Key,
  loginKey,
  userKey,
  userOf,
} from './items.ts';
import { type Looks, looksOf } from './looks.ts';
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

/** A claim and other items, and what the table has alongside, in one request. */
async function readClaim(table: UserTable, key: Key, others: readonly Key[] = []) {
  const { alongside } = table;
  if (!alongside && others.length === 0) return [await read(table, key)];
  const items = await readTogether(table, [key, ...others, ...(alongside ? [alongside.key] : [])]);
  alongside?.see(items.at(-1));
  return items;
}

const userOfClaim = (table: UserTable, claim: Record<string, unknown> | undefined) =>
  claim && findById(table, String(claim['userId']));

/** The user, unless it has got another contact since its claim was read, and this one lost its link. */
async function ifStillLinked(
  table: UserTable,
  user: User | undefined,
  connection: string,
  contactId: string,
): Promise<User | undefined> {
  if (!user || user.contacts[connection] === contactId) return user;
  const now = await linkedUserId(table, connection, contactId);
  return now === user.id ? user : now === undefined ? undefined : findById(table, now);
}

/** The user that a contact of a CRM is linked to. Two reads, and more only when the link moves meanwhile. */
export async function findByContact(
  table: UserTable,
  connection: string,
  contactId: string,
): Promise<User | undefined> {
  const [link] = await readClaim(table, contactKey(connection, contactId));
  return ifStillLinked(table, await userOfClaim(table, link), connection, contactId);
}

/** As `findByContact`, with the looks at the contact that found no user, in the same reads. */
export async function findWithLooks(
  table: UserTable,
  connection: string,
  contactId: string,
): Promise<{ user: User | undefined; looks: Looks }> {
  const key = contactLooksKey(connection, contactId);
  const [link, looks] = await readClaim(table, contactKey(connection, contactId), [key]);
  const found = await userOfClaim(table, link);
  return {
    user: await ifStillLinked(table, found, connection, contactId),
    looks: looksOf(key, looks),
  };
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

/** What is left of looks that found no user. One read. */
export async function looksAt(table: UserTable, key: Key): Promise<Looks> {
  return looksOf(key, await read(table, key));
}

/** The user holding an e-mail address, in any case. Two reads. */
export async function findByEmail(table: UserTable, email: string): Promise<User | undefined> {
  const [claim] = await readClaim(table, emailKey(email));
  return userOfClaim(table, claim);
}

/** A user whom nobody has: who is not found has cost as many reads as who is. */
const nobodysId = 'nobody';

/** The user whom people mean by an address or else a username that they type. Two reads, whoever is there. */
export async function findByLogin(table: UserTable, typed: string): Promise<User | undefined> {
  // What is longer is nobody's, and no key of the table.
  if (!isShort(typed)) return findById(table, nobodysId);
  const claims = await readTogether(table, [emailKey(typed), loginKey(typed)]);
  const claim = claims.find((one) => one !== undefined);
  return findById(table, claim ? String(claim['userId']) : nobodysId);
}

/** The id of the user holding an e-mail address. One read. */
export async function emailHolder(table: UserTable, email: string): Promise<string | undefined> {
  const claim = await read(table, emailKey(email));
  return claim && String(claim['userId']);
}

/** The id of the user holding a username. One read. */
export async function loginHolder(table: UserTable, login: string): Promise<string | undefined> {
  const claim = await read(table, loginKey(login));
  return claim && String(claim['userId']);
}

/** Which users hold an address and a username, and the looks at the address that found no user. */
export interface Holders {
  email: string | undefined;
  login: string | undefined;
  looks: Looks;
}

/** Who holds an address and a username: ids of users. One read of three items. */
export async function holders(
  table: UserTable,
  connection: string,
  email: string,
  login: string,
): Promise<Holders> {
  const key = addressLooksKey(connection, email);
  const [emailClaim, loginClaim, looks] = await readTogether(table, [emailKey(email), loginKey(login), key]);
  return {
    email: emailClaim && String(emailClaim['userId']),
    login: loginClaim && String(loginClaim['userId']),
    looks: looksOf(key, looks),
  };
}
