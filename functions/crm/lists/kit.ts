import * as z from 'zod/mini';
import { type ContactLists, cursorPage, type ListPage } from '../contact-list.ts';
import type { Conversation } from '../conversation.ts';
import { type Group, listByName } from '../list-by-name.ts';
import { type Path, path } from '../path.ts';
import { listOf, notEmpty, readAs, textOrNone } from '../schemas.ts';

const id = readAs(z.int().check(z.positive()), String);
const pagination = z.object({ has_next_page: z.boolean(), end_cursor: textOrNone });
const subscriber = z.object({ id, email_address: textOrNone });
const subscribers = z.object({ subscribers: listOf(subscriber), pagination });
const tags = z.object({ tags: listOf(z.object({ id, name: z.string() })), pagination });

const nextOf = ({ has_next_page, end_cursor }: z.infer<typeof pagination>) =>
  has_next_page ? notEmpty.parse(end_cursor) : undefined;

function* list(target: Path, place?: string): Conversation<ListPage> {
  const query = { per_page: '1000', status: 'all', ...(place !== undefined && { after: place }) };
  const answer = subscribers.parse(yield { method: 'GET', path: target, query });
  const contacts = answer.subscribers.map(({ id, email_address }) => {
    return { id, email: email_address ?? undefined };
  });
  return cursorPage(place, contacts, nextOf(answer.pagination));
}

function* readTags(after?: string): Conversation<Group[]> {
  const query = { per_page: '1000', ...(after !== undefined && { after }) };
  const answer = tags.parse(yield { method: 'GET', path: path`tags`, query });
  const next = nextOf(answer.pagination);
  return [...answer.tags, ...(next === undefined || next === after ? [] : yield* readTags(next))];
}

/** https://developers.kit.com/api-reference/subscribers/list-subscribers and tags/list-subscribers-for-a-tag: at most 1,000 a page. */
export const kitLists: ContactLists = {
  all: (_of, place) => list(path`subscribers`, place),
  tag: listByName(
    'all tags',
    () => readTags(),
    (id, place) => list(path`tags/${id}/subscribers`, place),
  ),
};
