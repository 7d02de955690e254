import * as z from 'zod/mini';
import { type ContactLists, cursorPage, type ListPage } from '../contact-list.ts';
import type { Conversation } from '../conversation.ts';
import { unlessTagged } from '../list-by-name.ts';
import { path } from '../path.ts';
import { digits, listOf, readAs, textOrNone } from '../schemas.ts';

const id = readAs(z.union([z.int(), digits]), String);
const emails = z.nullish(listOf(z.object({ value: textOrNone, primary: z.nullish(z.boolean()) })));
const labels = z.nullish(listOf(z.object({ label: z.string() })));
const more = z.nullish(z.object({ next_cursor: textOrNone }));
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
