import * as z from 'zod/mini';
import { type ContactLists, cursorPage, type ListPage } from '../contact-list.ts';
import type { Conversation } from '../conversation.ts';
import { type Group, listByName } from '../list-by-name.ts';
import { path } from '../path.ts';
import { listOf, notEmpty, readAs, textOrNone } from '../schemas.ts';

const id = z.union([notEmpty, readAs(z.int(), String)]);
const slot = z.object({ field: z.string(), email: textOrNone });
const contact = z.object({ id, email_addresses: z.nullish(listOf(slot)), tag_ids: listOf(id) });
const next_page_token = textOrNone;
const contacts = z.object({ contacts: listOf(contact), next_page_token });
const tags = z.object({ tags: listOf(z.object({ id, name: z.string() })), next_page_token });

function* list(tagId: string | undefined, place?: string): Conversation<ListPage> {
  const asked = { fields: 'id,email_addresses,tag_ids', page_size: '1000' };
  const query = { ...asked, ...(place !== undefined && { page_token: place }) };
  const answer = contacts.parse(yield { method: 'GET', path: path`contacts`, query });
  const found = answer.contacts.map(({ id, email_addresses, tag_ids }) => {
    const email = email_addresses?.find(({ field }) => field === 'EMAIL1')?.email ?? undefined;
    return { id, email, ...(tagId === undefined || tag_ids.includes(tagId) ? {} : { isOther: true }) };
  });
  return cursorPage(place, found, answer.next_page_token);
}

function* readTags(token?: string): Conversation<Group[]> {
  const query = { page_size: '1000', ...(token !== undefined && { page_token: token }) };
  const answer = tags.parse(yield { method: 'GET', path: path`tags`, query });
  const next = answer.next_page_token || undefined;
  return [...answer.tags, ...(next === undefined || next === token ? [] : yield* readTags(next))];
}

/** https://developer.keap.com/docs/restv2/#tag/Contact. All are read, and their tags compared. */
export const keapLists: ContactLists = {
  all: (_of, place) => list(undefined, place),
  tag: listByName('all tags', () => readTags(), list),
};
