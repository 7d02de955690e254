import * as z from 'zod/mini';
import { type ContactLists, type ListPage, numberedPage } from '../contact-list.ts';
import type { Conversation } from '../conversation.ts';
import { type Group, listByName } from '../list-by-name.ts';
import { path } from '../path.ts';
import { listOf, notEmpty, textOrNone } from '../schemas.ts';

const subscriber = z.object({ id: notEmpty, email: textOrNone });
const page = z.object({ subscribers: listOf(subscriber), meta: z.object({ total_pages: z.int() }) });
const tags = z.object({ tags: listOf(z.string()) });

const list = (only: Record<string, string>, place?: string): Conversation<ListPage> =>
  numberedPage(place, function* (number) {
    const order = { status: 'all', sort: 'created_at', direction: 'asc', per_page: '1000' };
    const query = { ...only, ...order, page: String(number) };
    const { subscribers, meta } = page.parse(yield { method: 'GET', path: path`subscribers`, query });
    const contacts = subscribers.map(({ id, email }) => ({ id, email: email ?? undefined }));
    return { contacts, hasMore: number < meta.total_pages };
  });

function* readTags(): Conversation<Group[]> {
  const answer = tags.parse(yield { method: 'GET', path: path`tags` });
  return answer.tags.map((name) => ({ id: name, name }));
}

/** https://developer.drip.com/#list-all-subscribers: at most 1,000 a page. The order is asked for, but only that of other lists is documented. */
export const dripLists: ContactLists = {
  all: (_of, place) => list({}, place),
  tag: listByName('all tags', readTags, (name, place) => list({ tags: name }, place)),
};
