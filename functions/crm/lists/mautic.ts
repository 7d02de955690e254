import * as z from 'zod/mini';
import { type ContactLists, type ListPage, offsetPage } from '../contact-list.ts';
import { type Conversation, mostPages } from '../conversation.ts';
import { type Group, listByName, unlessTagged } from '../list-by-name.ts';
import { path } from '../path.ts';
import { digits, listOf, preprocess, readAs, textOrNone } from '../schemas.ts';

/** PHP writes a list as an object when its keys have gaps. */
const valuesOf = (given: unknown) =>
  typeof given === 'object' && given !== null ? Object.values(given) : given;

const id = readAs(z.union([z.int(), digits]), String);
const tag = z.object({ id, tag: z.string() });
const all = z.object({ email: textOrNone });
const contact = z.object({ id, tags: listOf(z.pick(tag, { tag: true })), fields: z.object({ all }) });
const contacts = z.object({ contacts: preprocess(valuesOf, listOf(contact)) });
const tags = z.object({ tags: preprocess(valuesOf, listOf(tag)) });

const size = 100;
const list = (wanted: string | undefined, place?: string): Conversation<ListPage> =>
  offsetPage(place, size, function* (offset) {
    const order = { orderBy: 'id', orderByDir: 'ASC' };
    const query = { ...order, start: String(offset), limit: String(size) };
    const answer = contacts.parse(yield { method: 'GET', path: path`contacts`, query });
    return answer.contacts.map(({ id, tags, fields }) => {
      const names = tags.map((one) => one.tag);
      return { id, email: fields.all.email ?? undefined, ...unlessTagged(names, wanted) };
    });
  });

function* readTags(): Conversation<Group[]> {
  const found: Group[] = [];
  for (let page = 0; page < mostPages; page += 1) {
    const query = { start: String(page * size), limit: String(size) };
    const read = tags.parse(yield { method: 'GET', path: path`tags`, query }).tags;
    found.push(...read.map((one) => ({ id: one.tag, name: one.tag })));
    if (read.length === 0) break;
  }
  return found;
}

/** https://devdocs.mautic.org/en/latest/rest_api/contacts.html. Its search by tag is a language of its own: all are read, and their tags compared. */
export const mauticLists: ContactLists = {
  all: (_of, place) => list(undefined, place),
  tag: listByName('all tags', readTags, list),
};
