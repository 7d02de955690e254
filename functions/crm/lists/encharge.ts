import * as z from 'zod/mini';
import { type ContactLists, type ListPage, offsetPage } from '../contact-list.ts';
import type { Conversation } from '../conversation.ts';
import { type Group, listById, listByName, unlessTagged } from '../list-by-name.ts';
import { type Path, path } from '../path.ts';
import { listOf, notEmpty, readAs, textOrNone } from '../schemas.ts';

const person = z.object({
  id: notEmpty.check(z.toLowerCase()),
  email: textOrNone,
  tags: z.nullish(z.union([readAs(z.string(), (text) => text.split(',')), listOf(z.nullable(z.string()))])),
});
const people = z.object({ people: listOf(person) });
const segments = z.object({ segments: listOf(z.object({ id: z.coerce.string(), name: z.string() })) });
const tags = z.object({ tags: listOf(z.object({ tag: z.string() })) });

const size = 100;

/** The oldest first: whoever comes while it is read stands at the end. */
const list = (target: Path, place?: string, tag?: string): Conversation<ListPage> =>
  offsetPage(place, size, function* (offset) {
    const order = { sort: 'createdAt', order: 'asc', ignoreAnonymous: 'true' };
    const query = { limit: String(size), offset: String(offset), ...order };
    const answer = people.parse(yield { method: 'GET', path: target, query });
    return answer.people.map(({ id, email, tags }) => {
      return { id, email: email ?? undefined, ...unlessTagged(tags ?? [], tag) };
    });
  });

function* readTags(): Conversation<Group[]> {
  const answer = tags.parse(yield { method: 'GET', path: path`tags-management` });
  return answer.tags.map(({ tag }) => ({ id: tag, name: tag }));
}

function* readSegments(): Conversation<Group[]> {
  return segments.parse(yield { method: 'GET', path: path`segments` }).segments;
}

/** https://app-encharge-resources.s3.amazonaws.com/redoc.html. No call lists people by tag: all are read, and their tags compared. */
export const enchargeLists: ContactLists = {
  all: (_of, place) => list(path`people/all`, place),
  tag: listByName('all tags', readTags, (tag, place) => list(path`people/all`, place, tag)),
  segment: listById('all segments', readSegments, (id, place) => list(path`segments/${id}/people`, place)),
};
