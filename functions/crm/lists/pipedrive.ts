import * as z from 'zod';
import { type ContactLists, cursorPage, type ListPage } from '../contact-list.ts';
import type { Conversation } from '../conversation.ts';
import { unlessTagged } from '../list-by-name.ts';
import { listOf } from '../list-of.ts';
import { path } from '../path.ts';

const id = z.union([z.int(), z.string().regex(/^\d+$/)]).transform(String);
const emails = listOf(z.object({ value: z.string().nullish(), primary: z.boolean().nullish() })).nullish();
const labels = listOf(z.object({ label: z.string() })).nullish();
const more = z.object({ next_cursor: z.string().nullish() }).nullish();
const persons = z.object({ data: listOf(z.object({ id, emails, labels })), additional_data: more });

function* list(tag: string | undefined, place?: string): Conversation<ListPage> {
  const asked = { sort_by: 'id', sort_direction: 'asc', include_labels: 'true' };
  const query = { ...asked, limit: '500', ...(place !== undefined && { cursor: place }) };
  const { data, additional_data } = persons.parse(yield { method: 'GET', path: path`persons`, query });
  const found = data.map(({ id, emails, labels }) => {
    const address = emails?.find(({ primary }) => primary) ?? emails?.[0];
    const names = (labels ?? []).map(({ label }) => label);
    return { id, email: address?.value ?? undefined, ...unlessTagged(names, tag) };
  });
  return cursorPage(place, found, additional_data?.next_cursor);
}

/** https://developers.pipedrive.com/docs/api/v1/Persons. Tags are compared where they are labels: other fields have no names here. */
export const pipedriveLists = (tagsFrom: string): ContactLists => ({
  all: (_of, place) => list(undefined, place),
  ...(tagsFrom === 'labels' && { tag: list }),
});
