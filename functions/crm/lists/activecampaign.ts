import * as z from 'zod/mini';
import { type ContactLists, type ListPage, offsetPage } from '../contact-list.ts';
import { type Conversation, mostPages } from '../conversation.ts';
import { type Group, listByName } from '../list-by-name.ts';
import { path } from '../path.ts';
import { digits, listOf, readAs, textOrNone } from '../schemas.ts';

const id = z.union([digits, readAs(z.int().check(z.nonnegative()), String)]);
const contacts = z.object({ contacts: listOf(z.object({ id, email: textOrNone })) });
const tags = z.object({ tags: listOf(z.object({ id, tag: z.string() })) });

const size = 100;
/** By id, so that whoever is new stands at the end. */
const list = (only: Record<string, string>, place?: string): Conversation<ListPage> =>
  offsetPage(place, size, function* (offset) {
    const query = { ...only, status: '-1', 'orders[id]': 'ASC', limit: String(size), offset: String(offset) };
    const answer = contacts.parse(yield { method: 'GET', path: path`contacts`, query });
    return answer.contacts.map(({ id, email }) => ({ id, email: email ?? undefined }));
  });

function* readTags(): Conversation<Group[]> {
  const all: Group[] = [];
  for (let page = 0; page < mostPages; page += 1) {
    const query = { limit: String(size), offset: String(page * size) };
    const read = tags.parse(yield { method: 'GET', path: path`tags`, query }).tags;
    all.push(...read.map(({ id, tag }) => ({ id, name: tag })));
    if (read.length === 0) break;
  }
  return all;
}

/** https://developers.activecampaign.com/reference/list-all-contacts and /pagination: at most 100 a page. */
export const activecampaignLists: ContactLists = {
  all: (_of, place) => list({}, place),
  tag: listByName('all tags', readTags, (tagid, place) => list({ tagid }, place)),
};
