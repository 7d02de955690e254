import * as z from 'zod';
import { cleanTags } from '../connector.ts';
import { type ContactList, type ContactLists, type ListedContact, offsetPage } from '../contact-list.ts';
import { type Conversation, remembered } from '../conversation.ts';
import { listOf } from '../list-of.ts';
import { type Path, path } from '../path.ts';

const person = z.object({
  id: z.string().min(1).toLowerCase(),
  email: z.string().nullish(),
  tags: z.union([z.string(), listOf(z.string().nullable())]).nullish(),
});
const people = z.object({ people: listOf(person) });
const segments = z.object({ segments: listOf(z.object({ id: z.coerce.string(), name: z.string() })) });
const tags = z.object({ tags: listOf(z.object({ tag: z.string() })) });

const pageSize = 100;

/** The oldest first: whoever comes while it is read stands at the end. */
const read = (list: Path, tag?: string) =>
  function* (offset: number): Conversation<ListedContact[]> {
    const order = { sort: 'createdAt', order: 'asc', ignoreAnonymous: 'true' };
    const query = { limit: String(pageSize), offset: String(offset), ...order };
    const answer = people.parse(yield { method: 'GET', path: list, query });
    return answer.people.map(({ id, email, tags }) => ({
      id,
      email: email ?? undefined,
      ...(tag !== undefined &&
        !cleanTags(typeof tags === 'string' ? tags.split(',') : (tags ?? [])).includes(tag) && {
          isOther: true,
        }),
    }));
  };

function* readTags(): Conversation<string[]> {
  const answer = tags.parse(yield { method: 'GET', path: path`tags-management` });
  return cleanTags(answer.tags.map(({ tag }) => tag));
}

/** No call lists people by tag: all are read, and their tags compared. */
const byTag: ContactList = function* (of, place) {
  const [tag = ''] = cleanTags([of]);
  const names = yield* remembered('all tags', readTags, (known) => known.includes(tag));
  if (!names.includes(tag)) return { names };
  return yield* offsetPage(place, pageSize, read(path`people/all`, tag));
};

function* readSegments(): Conversation<{ id: string; name: string }[]> {
  return segments.parse(yield { method: 'GET', path: path`segments` }).segments;
}

const bySegment: ContactList = function* (of, place) {
  const isThere = (known: readonly { id: string }[]) => known.some(({ id }) => id === of);
  const known = yield* remembered('all segments', readSegments, isThere);
  if (!isThere(known)) return { names: known.map(({ id, name }) => `${id} (${name})`) };
  return yield* offsetPage(place, pageSize, read(path`segments/${of}/people`));
};

/** https://app-encharge-resources.s3.amazonaws.com/redoc.html */
export const enchargeLists: ContactLists = {
  all: (_of, place) => offsetPage(place, pageSize, read(path`people/all`)),
  tag: byTag,
  segment: bySegment,
};
