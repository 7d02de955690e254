import * as z from 'zod/mini';
import { type ContactLists, cursorPage, type ListPage } from '../contact-list.ts';
import { type Conversation, mostPages } from '../conversation.ts';
import { type Group, listByName } from '../list-by-name.ts';
import { type Path, path } from '../path.ts';
import { digits, listOf, textOrNone } from '../schemas.ts';

const id = digits;
const subscribers = z.object({
  data: listOf(z.object({ id, email: textOrNone })),
  meta: z.object({ next_cursor: textOrNone }),
});
const groups = z.object({
  data: listOf(z.object({ id, name: z.string() })),
  meta: z.object({ last_page: z.int() }),
});

function* list(target: Path, place?: string): Conversation<ListPage> {
  const query = { limit: '100', ...(place !== undefined && { cursor: place }) };
  const { data, meta } = subscribers.parse(yield { method: 'GET', path: target, query });
  const contacts = data.map(({ id, email }) => ({ id, email: email ?? undefined }));
  return cursorPage(place, contacts, meta.next_cursor);
}

function* readGroups(): Conversation<Group[]> {
  const all: Group[] = [];
  for (let page = 1; page <= mostPages; page += 1) {
    const query = { limit: '100', page: String(page) };
    const { data, meta } = groups.parse(yield { method: 'GET', path: path`groups`, query });
    all.push(...data);
    if (page >= meta.last_page) break;
  }
  return all;
}

/** https://developers.mailerlite.com/docs/subscribers.html and groups.html: at most 100 a page. Tags are groups. */
export const mailerliteLists: ContactLists = {
  all: (_of, place) => list(path`subscribers`, place),
  tag: listByName('all groups', readGroups, (id, place) => list(path`groups/${id}/subscribers`, place)),
};
