import * as z from 'zod/mini';
import { type ContactLists, cursorPage, type ListPage } from '../contact-list.ts';
import type { Conversation } from '../conversation.ts';
import { type Group, listByName, unlessTagged } from '../list-by-name.ts';
import { path } from '../path.ts';
import { listOf, notEmpty, textOrNone } from '../schemas.ts';

/** Behind whom the next page begins. */
const searchAfter = z.array(z.union([z.string(), z.number()]));
const contact = z.object({
  id: notEmpty,
  email: textOrNone,
  tags: listOf(z.string()),
  searchAfter: z.nullish(searchAfter),
});
const page = z.object({ contacts: listOf(contact) });
const tags = z.object({ tags: listOf(z.object({ name: z.string() })) });

const size = 100;

/** A page that is short is no end: one without anybody is. */
function* list(locationId: string, tag: string | undefined, place?: string): Conversation<ListPage> {
  const json = {
    locationId,
    pageLimit: size,
    sort: [{ field: 'dateAdded', direction: 'asc' }],
    ...(place !== undefined && { searchAfter: searchAfter.parse(JSON.parse(place)) }),
  };
  const answer = yield { method: 'POST', path: path`contacts/search`, body: { json }, reads: true };
  const { contacts } = page.parse(answer);
  const found = contacts.map(({ id, email, tags }) => {
    return { id, email: email ?? undefined, ...unlessTagged(tags, tag?.toLowerCase()) };
  });
  const last = contacts.at(-1);
  return cursorPage(place, found, last && JSON.stringify(searchAfter.parse(last.searchAfter)));
}

/** https://marketplace.gohighlevel.com/docs/ghl/contacts/search-contacts-advanced and locations/get-location-tags. Tags are kept in lower case. */
export function highlevelLists(location: string): ContactLists {
  function* readTags(): Conversation<Group[]> {
    const answer = tags.parse(yield { method: 'GET', path: path`locations/${location}/tags` });
    return answer.tags.map(({ name }) => ({ id: name, name }));
  }
  const byTag = listByName('all tags', readTags, (tag, place) => list(location, tag, place));
  return {
    all: (_of, place) => list(location, undefined, place),
    tag: (of, place) => byTag(of.toLowerCase(), place),
  };
}
