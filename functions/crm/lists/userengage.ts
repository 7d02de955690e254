import * as z from 'zod/mini';
import { type ContactLists, type NumberedPage, numberedPage } from '../contact-list.ts';
import { type Conversation, mostPages } from '../conversation.ts';
import { type Group, listByName } from '../list-by-name.ts';
import { type Path, path } from '../path.ts';
import { digits, listOf, readAs, textOrNone } from '../schemas.ts';

const id = readAs(z.union([z.int(), digits]), String);
const page = z.object({ next: z.nullable(z.string()), results: z.unknown() });
const users = listOf(z.object({ id, email: textOrNone }));
const tags = listOf(z.object({ id, name: z.string() }));

/**
 * A page, and whether another one follows. What it names as the next one has to be on the same path, and the number after it; the request
 * for it is made here, so that the token goes nowhere else.
 */
function* readPage(list: Path, number: number): Conversation<{ results: unknown; hasMore: boolean }> {
  const answer = yield { method: 'GET', path: list, query: { page: String(number) } };
  const { next, results } = page.parse(answer);
  if (next === null) return { results, hasMore: false };
  const { pathname, searchParams } = new URL(next);
  const isNext = pathname.endsWith(`/${list.text}`) && searchParams.get('page') === String(number + 1);
  if (!isNext) throw new Error('It goes on somewhere else.');
  return { results, hasMore: true };
}

const pageOfUsers = (list: Path) =>
  function* (number: number): Conversation<NumberedPage> {
    const { results, hasMore } = yield* readPage(list, number);
    const contacts = users.parse(results).map(({ id, email }) => ({ id, email: email ?? undefined }));
    return { contacts, hasMore };
  };

function* readTags(): Conversation<Group[]> {
  const found: Group[] = [];
  for (let number = 1; number <= mostPages; number += 1) {
    const { results, hasMore } = yield* readPage(path`tags/`, number);
    found.push(...tags.parse(results));
    if (!hasMore) break;
  }
  return found;
}

const list = (target: Path, place?: string) => numberedPage(place, pageOfUsers(target));

/** https://docs.user.com/api. No call is documented that lists the users of a segment. */
export const userengageLists: ContactLists = {
  all: (_of, place) => list(path`users/`, place),
  tag: listByName('all tags', readTags, (id, place) => list(path`tags/${id}/users/`, place)),
};
