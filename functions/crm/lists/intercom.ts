import * as z from 'zod/mini';
import { type ContactLists, cursorPage, type ListPage } from '../contact-list.ts';
import type { Conversation, CrmRequest } from '../conversation.ts';
import { type Group, listById, listByName } from '../list-by-name.ts';
import { path } from '../path.ts';
import { listOf, notEmpty, textOrNone } from '../schemas.ts';

const group = z.object({ id: z.coerce.string(), name: z.string() });
const contacts = z.object({
  data: listOf(z.object({ id: notEmpty, email: textOrNone })),
  pages: z.object({ next: z.nullish(z.object({ starting_after: textOrNone })) }),
});

const size = 150;

function* read(request: CrmRequest, place?: string): Conversation<ListPage> {
  const { data, pages } = contacts.parse(yield request);
  const found = data.map(({ id, email }) => ({ id, email: email ?? undefined }));
  return cursorPage(place, found, pages.next?.starting_after);
}

const all = (place?: string) => {
  const query = { per_page: String(size), ...(place !== undefined && { starting_after: place }) };
  return read({ method: 'GET', path: path`contacts`, query }, place);
};

const search = (field: string, value: string, place?: string) => {
  const pagination = { per_page: size, ...(place !== undefined && { starting_after: place }) };
  const json = { query: { field, operator: '=', value }, pagination };
  return read({ method: 'POST', path: path`contacts/search`, body: { json }, reads: true }, place);
};

function* readTags(): Conversation<Group[]> {
  return z.object({ data: listOf(group) }).parse(yield { method: 'GET', path: path`tags` }).data;
}

function* readSegments(): Conversation<Group[]> {
  return z.object({ segments: listOf(group) }).parse(yield { method: 'GET', path: path`segments` }).segments;
}

/** https://developers.intercom.com/docs/references/rest-api/api.intercom.io/contacts: at most 150 a page. */
export const intercomLists: ContactLists = {
  all: (_of, place) => all(place),
  tag: listByName('all tags', readTags, (id, place) => search('tag_id', id, place)),
  segment: listById('all segments', readSegments, (id, place) => search('segment_id', id, place)),
};
