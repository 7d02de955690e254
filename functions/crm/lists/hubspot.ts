import * as z from 'zod/mini';
import { type ContactLists, cursorPage, type ListedContact, type ListPage } from '../contact-list.ts';
import type { Conversation } from '../conversation.ts';
import { type Group, listById, listByName, unlessTagged } from '../list-by-name.ts';
import { path } from '../path.ts';
import { digits, listOf, textOrNone } from '../schemas.ts';

const paging = z.nullish(z.object({ next: z.nullish(z.object({ after: z.string() })) }));
const properties = z.looseObject({ email: textOrNone });
const record = z.object({ id: digits, properties });
const records = z.object({ results: listOf(record), paging });
const memberships = z.object({ results: listOf(z.object({ recordId: z.coerce.string() })), paging });
const one = z.object({ listId: z.string(), name: z.string() });
const definition = z.object({ options: z.nullish(listOf(z.object({ value: z.string() }))) });
const lists = z.object({ lists: listOf(one), hasMore: z.boolean(), offset: z.int() });

/** There are lists of companies and others, too. */
const contacts = '0-1';
/** What one call of its batches takes. */
const size = '100';

/** Everybody; a property whose options are tags comes along. */
function* list(place: string | undefined, by?: { property: string; tag: string }): Conversation<ListPage> {
  const asked = ['email', ...(by ? [by.property] : [])].map((name): [string, string] => ['properties', name]);
  const query = [['limit', size] as [string, string], ...asked];
  if (place !== undefined) query.push(['after', place]);
  const answer = records.parse(yield { method: 'GET', path: path`crm/v3/objects/contacts`, query });
  const found = answer.results.map(({ id, properties: { email, ...others } }) => {
    const tags = by ? String(others[by.property] ?? '').split(';') : [];
    return { id, email: email ?? undefined, ...unlessTagged(tags, by?.tag) };
  });
  return cursorPage(place, found, answer.paging?.next?.after);
}

/** Memberships are ids only: the addresses are asked for together. */
function* members(id: string, place?: string): Conversation<ListPage> {
  const query = { limit: size, ...(place !== undefined && { after: place }) };
  const answer = memberships.parse(
    yield { method: 'GET', path: path`crm/v3/lists/${id}/memberships`, query },
  );
  const inputs = answer.results.map(({ recordId }) => ({ id: recordId }));
  let found: ListedContact[] = [];
  if (inputs.length > 0) {
    const target = path`crm/v3/objects/contacts/batch/read`;
    const body = { json: { inputs, properties: ['email'] } };
    const read = records.parse(yield { method: 'POST', path: target, body, reads: true });
    found = read.results.map(({ id, properties: { email } }) => ({ id, email: email ?? undefined }));
  }
  return cursorPage(place, found, answer.paging?.next?.after);
}

function* readLists(offset = 0): Conversation<Group[]> {
  const json = { objectTypeId: contacts, offset, count: 500, additionalProperties: [] };
  const answer = yield { method: 'POST', path: path`crm/v3/lists/search`, body: { json }, reads: true };
  const read = lists.parse(answer);
  const own = read.lists.map(({ listId, name }) => ({ id: listId, name }));
  return [...own, ...(read.hasMore && read.offset > offset ? yield* readLists(read.offset) : [])];
}

/** What may be ticked in a property; undefined where anything may be written into it. */
const readOptions = (property: string) =>
  function* (): Conversation<Group[] | undefined> {
    const answer = yield { method: 'GET', path: path`crm/v3/properties/contacts/${property}` };
    const { options } = definition.parse(answer);
    return options?.length ? options.map(({ value }) => ({ id: value, name: value })) : undefined;
  };

/**
 * https://developers.hubspot.com/docs/api-reference/crm-contacts-v3/guide (100 a page), crm-lists-v3 (lists 500, members 250) and
 * crm-properties-v3. Segments are what it called lists before.
 */
export const hubspotLists = (tagsFrom: string): ContactLists => ({
  all: (_of, place) => list(place),
  tag:
    tagsFrom === 'lists'
      ? listByName('all lists', () => readLists(), members)
      : listByName(`options of ${tagsFrom}`, readOptions(tagsFrom), (tag, place) =>
          list(place, { property: tagsFrom, tag }),
        ),
  segment: listById('all lists', () => readLists(), members),
});
