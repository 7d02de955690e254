import * as z from 'zod/mini';
import { type ContactLists, cursorPage, type ListPage } from '../contact-list.ts';
import type { Conversation } from '../conversation.ts';
import { type Group, listByName } from '../list-by-name.ts';
import { path } from '../path.ts';
import { listOf, notEmpty, readAs, textOrNone } from '../schemas.ts';

const id = z.union([notEmpty, readAs(z.int(), String)]);
const slot = z.object({ field: z.string(), email: textOrNone });
const next_page_token = textOrNone;
const contact = z.object({ id, email_addresses: z.nullish(listOf(slot)) });
const contacts = z.object({ contacts: listOf(contact), next_page_token });
const tagged = z.object({
  contacts: listOf(z.object({ id, email: textOrNone })),
  next_page_token,
});
const tags = z.object({ tags: listOf(z.object({ id, name: z.string() })), next_page_token });

const size = '1000';
const pageAt = (place?: string) => ({ page_size: size, ...(place !== undefined && { page_token: place }) });

function* all(place?: string): Conversation<ListPage> {
  const query = { fields: 'id,email_addresses', ...pageAt(place) };
  const answer = contacts.parse(yield { method: 'GET', path: path`contacts`, query });
  const found = answer.contacts.map(({ id, email_addresses }) => {
    return { id, email: email_addresses?.find(({ field }) => field === 'EMAIL1')?.email ?? undefined };
  });
  return cursorPage(place, found, answer.next_page_token);
}

function* members(tag: string, place?: string): Conversation<ListPage> {
  const answer = tagged.parse(
    yield { method: 'GET', path: path`tags/${tag}/contacts`, query: pageAt(place) },
  );
  const found = answer.contacts.map(({ id, email }) => ({ id, email: email || undefined }));
  return cursorPage(place, found, answer.next_page_token);
}

function* readTags(token?: string): Conversation<Group[]> {
  const answer = tags.parse(yield { method: 'GET', path: path`tags`, query: pageAt(token) });
  const next = answer.next_page_token || undefined;
  return [...answer.tags, ...(next === undefined || next === token ? [] : yield* readTags(next))];
}

/** https://developer.keap.com/docs/restv2/#tag/Contact and #tag/Tags: at most 1,000 a page. */
export const keapLists: ContactLists = {
  all: (_of, place) => all(place),
  tag: listByName('all tags', () => readTags(), members),
};
