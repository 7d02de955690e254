import * as z from 'zod/mini';
import { type ContactLists, type ListPage, offsetPage } from '../contact-list.ts';
import type { Conversation } from '../conversation.ts';
import { type Group, listByName } from '../list-by-name.ts';
import { type Path, path } from '../path.ts';
import { digits, listOf, textOrNone } from '../schemas.ts';

const id = digits;
const contacts = z.object({ data: listOf(z.object({ id, email: textOrNone })) });
const tags = z.object({ data: listOf(z.object({ tag_id: id, tag_name: z.string() })) });

const size = 50;
/** No account has so many pages of tags. */
const mostPages = 90;

const list = (target: Path, only: Record<string, string>, place?: string): Conversation<ListPage> =>
  offsetPage(place, size, function* (offset) {
    const order = { sort: 'id', sortDir: 'asc' };
    const query = { ...only, ...order, start: String(offset), range: String(size) };
    const { data } = contacts.parse(yield { method: 'GET', path: target, query });
    return data.map(({ id, email }) => ({ id, email: email || undefined }));
  });

function* readTags(): Conversation<Group[]> {
  const all: Group[] = [];
  for (let page = 0; page < mostPages; page += 1) {
    const query = { start: String(page * size), range: String(size) };
    const { data } = tags.parse(yield { method: 'GET', path: path`Tags`, query });
    all.push(...data.map(({ tag_id, tag_name }) => ({ id: tag_id, name: tag_name })));
    if (data.length === 0) break;
  }
  return all;
}

/** https://api.ontraport.com/doc/#retrieve-objects-with-a-tag: at most 50 a page. */
export const ontraportLists: ContactLists = {
  all: (_of, place) => list(path`Contacts`, {}, place),
  tag: listByName('all tags', readTags, (tag_id, place) =>
    list(path`objects/tag`, { objectID: '0', tag_id }, place),
  ),
};
