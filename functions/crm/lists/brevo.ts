import * as z from 'zod/mini';
import { type ContactLists, type ListPage, offsetPage } from '../contact-list.ts';
import { type Conversation, mostPages } from '../conversation.ts';
import { type Group, listById, listByName } from '../list-by-name.ts';
import { type Path, path } from '../path.ts';
import { listOf, readAs, textOrNone } from '../schemas.ts';

const id = readAs(z.int().check(z.positive()), String);
const contacts = z.object({ contacts: listOf(z.object({ id, email: textOrNone })) });
const lists = z.object({ lists: z.optional(listOf(z.object({ id, name: z.string() }))) });
const segments = z.object({ segments: z.optional(listOf(z.object({ id, segmentName: z.string() }))) });

const size = 500;
const groupsAtOnce = 50;
const list = (target: Path, only: Record<string, string>, place?: string): Conversation<ListPage> =>
  offsetPage(place, size, function* (offset) {
    const query = { ...only, limit: String(size), offset: String(offset), sort: 'asc' };
    const answer = contacts.parse(yield { method: 'GET', path: target, query });
    return answer.contacts.map(({ id, email }) => ({ id, email: email ?? undefined }));
  });

/** All pages of lists or segments. */
function* readGroups(target: Path, groupsOf: (answer: unknown) => Group[]): Conversation<Group[]> {
  const all: Group[] = [];
  for (let page = 0; page < mostPages; page += 1) {
    const query = { limit: String(groupsAtOnce), offset: String(page * groupsAtOnce) };
    const read = groupsOf(yield { method: 'GET', path: target, query });
    all.push(...read);
    if (read.length === 0) break;
  }
  return all;
}

const readLists = () => readGroups(path`contacts/lists`, (answer) => lists.parse(answer).lists ?? []);
const readSegments = () =>
  readGroups(path`contacts/segments`, (answer) =>
    (segments.parse(answer).segments ?? []).map(({ id, segmentName: name }) => ({ id, name })),
  );

/** https://developers.brevo.com/reference/get-contacts (1,000 a page), get-contacts-from-list (500), get-lists and get-segments (50). Tags are lists. */
export const brevoLists: ContactLists = {
  all: (_of, place) => list(path`contacts`, {}, place),
  tag: listByName('all lists', readLists, (id, place) =>
    list(path`contacts/lists/${id}/contacts`, {}, place),
  ),
  segment: listById('all segments', readSegments, (segmentId, place) =>
    list(path`contacts`, { segmentId }, place),
  ),
};
