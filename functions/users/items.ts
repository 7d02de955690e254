import { createHash } from 'node:crypto';
import { uniqueSpelling } from '../mail/email-address.ts';
import type { User } from './user.ts';

/** Primary key of an item. docs/data.md shows all of them. */
export interface Key {
  pk: string;
  sk: string;
}

export const userKey = (id: string): Key => ({ pk: `USER#${id}`, sk: 'USER' });
export const emailKey = (email: string): Key => ({ pk: `EMAIL#${uniqueSpelling(email)}`, sk: 'UNIQUE' });
export const loginKey = (login: string): Key => ({ pk: `LOGIN#${uniqueSpelling(login)}`, sk: 'UNIQUE' });
export const contactKey = (connection: string, contactId: string): Key => ({
  pk: `CONTACT#${connection}#${contactId}`,
  sk: 'UNIQUE',
});

/** What webhooks that found no user leave behind. */
export const contactLooksKey = (connection: string, contactId: string): Key => ({
  pk: `LOOKS#${contactKey(connection, contactId).pk}`,
  sk: 'LOOKS',
});
/** By connection too: what another one's contact is says nothing of this one's. */
export const addressLooksKey = (connection: string, email: string): Key => ({
  pk: `LOOKS#EMAIL#${connection}#${uniqueSpelling(email)}`,
  sk: 'LOOKS',
});

/** Partition keys hold at most 2,048 bytes; a longer tag is indexed by its digest, and one that looks like a digest too. */
const longestTagKey = 1024;
const digestMark = 'sha256:';

export function tagKey(tag: string, userId: string): Key {
  const indexed =
    Buffer.byteLength(tag) <= longestTagKey && !tag.startsWith(digestMark)
      ? tag
      : `${digestMark}${createHash('sha256').update(tag).digest('hex')}`;
  return { pk: `TAG#${indexed}`, sk: `USER#${userId}` };
}

/** The claims and links that a user holds: its address, its username, its contacts. */
export const claimKeys = ({ email, login, contacts }: User): Key[] => [
  emailKey(email),
  loginKey(login),
  ...Object.entries(contacts).map(([connection, contactId]) => contactKey(connection, contactId)),
];

/** The user as an item. Tags are a string set, which DynamoDB does not allow to be empty. */
export function userItem({ tags, ...user }: User): Record<string, unknown> {
  return { ...userKey(user.id), ...user, ...(tags.length > 0 ? { tags: new Set(tags) } : {}) };
}

/** DynamoDB gives the keys of a map in any order, and people compare what they see. */
const inOrder = (map: object) =>
  Object.fromEntries(Object.entries(map).sort(([one], [other]) => (one < other ? -1 : 1)));

/** The user in an item, as the document client gives it. */
export function userOf(item: Record<string, unknown>): User {
  const { pk: _pk, sk: _sk, setPassword: _setPassword, tags, effects, ...user } = item;
  return {
    ...user,
    effects: inOrder(effects ?? {}),
    tags: tags instanceof Set ? [...tags].sort() : [],
  } as unknown as User;
}
