import * as z from 'zod/mini';
import { type ContactLists, cursorPage, type ListPage } from '../contact-list.ts';
import type { Conversation } from '../conversation.ts';
import { type Group, listById, listByName } from '../list-by-name.ts';
import { type Path, path } from '../path.ts';
import { listOf, notEmpty, textOrNone } from '../schemas.ts';

const links = z.nullish(z.object({ next: textOrNone }));
const attributes = z.object({ email: textOrNone });
const profiles = z.object({ data: listOf(z.object({ id: notEmpty, attributes })), links });
const group = z.object({ id: notEmpty, attributes: z.object({ name: z.string() }) });
const groups = z.object({ data: listOf(group), links });

/** The cursor of the next page. */
const nextOf = (given: z.infer<typeof links>) =>
  given?.next ? z.string().parse(new URL(given.next).searchParams.get('page[cursor]')) : undefined;

function* list(target: Path, place?: string): Conversation<ListPage> {
  const fields = { 'page[size]': '100', 'fields[profile]': 'email' };
  const query = { ...fields, ...(place !== undefined && { 'page[cursor]': place }) };
  const answer = profiles.parse(yield { method: 'GET', path: target, query });
  const contacts = answer.data.map(({ id, attributes }) => ({ id, email: attributes.email ?? undefined }));
  return cursorPage(place, contacts, nextOf(answer.links));
}

/** All lists or segments. Their ids say which of the two they are, as both have names of their own. */
function* readAll(kind: 'list' | 'segment', cursor?: string): Conversation<Group[]> {
  const target = kind === 'list' ? path`lists` : path`segments`;
  const query = { [`fields[${kind}]`]: 'name', ...(cursor !== undefined && { 'page[cursor]': cursor }) };
  const answer = groups.parse(yield { method: 'GET', path: target, query });
  const next = nextOf(answer.links);
  const own = answer.data.map(({ id, attributes: { name } }) => ({ id: `${kind} ${id}`, name }));
  return [...own, ...(next === undefined || next === cursor ? [] : yield* readAll(kind, next))];
}

function members(id: string, place?: string): Conversation<ListPage> {
  const [kind, own = ''] = id.split(' ');
  return list(kind === 'list' ? path`lists/${own}/profiles` : path`segments/${own}/profiles`, place);
}

function* readSegments(): Conversation<Group[]> {
  return (yield* readAll('segment')).map(({ id, name }) => ({ id: id.replace('segment ', ''), name }));
}

/** https://developers.klaviyo.com/en/reference/get_profiles, get_profiles_for_list and get_profiles_for_segment: 100 a page; lists and segments ten. Tags are lists, segments or both. */
export const klaviyoLists = (tagsFrom: 'lists' | 'segments' | 'both'): ContactLists => ({
  all: (_of, place) => list(path`profiles`, place),
  tag: listByName(
    `all ${tagsFrom}`,
    function* () {
      const lists = tagsFrom === 'segments' ? [] : yield* readAll('list');
      return [...lists, ...(tagsFrom === 'lists' ? [] : yield* readAll('segment'))];
    },
    members,
  ),
  segment: listById('all by id', readSegments, (id, place) => list(path`segments/${id}/profiles`, place)),
});
