import * as z from 'zod/mini';
import { type ContactLists, cursorPage, type ListPage } from '../contact-list.ts';
import type { Conversation } from '../conversation.ts';
import { unlessTagged } from '../list-by-name.ts';
import { path } from '../path.ts';
import { listOf, notEmpty, textOrNone } from '../schemas.ts';

const contact = z.object({ id: notEmpty, email: textOrNone, tags: listOf(z.string()) });
const cursors = z.object({ after: textOrNone });
const page = z.object({ contacts: listOf(contact), paging: z.object({ cursors, hasMore: z.boolean() }) });

function* list(tag: string | undefined, place?: string): Conversation<ListPage> {
  const query = { limit: '250', ...(place !== undefined && { after: place }) };
  const { contacts, paging } = page.parse(yield { method: 'GET', path: path`contacts`, query });
  const found = contacts.map(({ id, email, tags }) => {
    return { id, email: email ?? undefined, ...unlessTagged(tags, tag) };
  });
  const next = paging.hasMore ? notEmpty.parse(paging.cursors.after) : undefined;
  return cursorPage(place, found, next);
}

/** https://api-docs.omnisend.com/reference/pagination: at most 250 a page. No call lists tags: one that nobody has finds nobody. */
export const omnisendLists: ContactLists = {
  all: (_of, place) => list(undefined, place),
  tag: list,
};
