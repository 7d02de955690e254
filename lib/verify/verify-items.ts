import { claimKeys, type Key, tagKey, userKey, userOf } from '../../functions/users/items.ts';
import type { User } from '../../functions/users/user.ts';

/** An item as the document client gives it. */
export type Item = Record<string, unknown>;

/** An item of the index as its user has to have it: a claim or link with the user's id, or a tag member with its tag. */
export interface IndexItem extends Key {
  userId?: string;
  tag?: string;
}

/** Everything the table has to hold for a user besides the user itself. */
export function indexItems(user: User): IndexItem[] {
  return [
    ...claimKeys(user).map((key) => ({ ...key, userId: user.id })),
    ...user.tags.map((tag) => ({ ...tagKey(tag, user.id), tag })),
  ];
}

/** One text for a key, to find it among others. */
export const nameOf = ({ pk, sk }: Key | Item): string => `${String(pk)} ${String(sk)}`;

const claims = /^(EMAIL|LOGIN|CONTACT)#/;

/** Whether an item of the index is a claim or a link, of which there is one; else it is a tag member. */
export const isClaim = ({ pk }: Key): boolean => claims.test(pk);

/** The id of the user that an item of the index belongs to; undefined when it is none. */
export function holderOf({ pk, sk, userId }: Item): string | undefined {
  const [partition, sort] = [String(pk), String(sk)];
  if (claims.test(partition)) return sort === 'UNIQUE' && typeof userId === 'string' ? userId : undefined;
  return partition.startsWith('TAG#') && sort.startsWith('USER#') ? sort.slice('USER#'.length) : undefined;
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isMap = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !(value instanceof Set) && !Array.isArray(value);

/** The user in an item; undefined when the item cannot be one that Usher wrote. */
export function wholeUser(item: Item): User | undefined {
  const { pk, sk, id, email, login, contacts, version, tags, effects = {} } = item;
  const isWhole =
    isText(id) &&
    nameOf({ pk, sk }) === nameOf(userKey(id)) &&
    isText(email) &&
    isText(login) &&
    isMap(contacts) &&
    Object.values(contacts).every(isText) &&
    typeof version === 'number' &&
    (tags === undefined || tags instanceof Set) &&
    isMap(effects) &&
    Object.values(effects).every(isMap);
  return isWhole ? userOf(item) : undefined;
}

const others = /^(PACE|TURN|LOOKS|SIGNIN|TRIES)#/;

/**
 * Items that are neither users nor index, and in order: the pace of a CRM, turns of jobs, looks that found no user, and counts of
 * tries.
 */
export const isKnownOther = ({ pk }: Item): boolean => others.test(String(pk));

/** Items that earlier releases have left behind and that nothing reads any more: the pause of a CRM, before it had a pace. */
export const isLeftover = ({ pk, sk }: Item): boolean => String(pk).startsWith('PAUSE#') && sk === 'PAUSE';
