import * as z from 'zod/mini';
import { type ContactLists, cursorPage, type ListPage } from '../contact-list.ts';
import { type Conversation, mostPages } from '../conversation.ts';
import { type Group, listByName, unlessTagged } from '../list-by-name.ts';
import { path } from '../path.ts';
import { digits, listOf, readAs, textOrNone } from '../schemas.ts';

const id = readAs(z.union([z.int(), digits]), String);
const emails = z.nullish(listOf(z.object({ value: textOrNone, primary: z.nullish(z.boolean()) })));
const option = z.object({ label: z.string() });
const labels = z.nullish(listOf(option));
const chosen = z.nullish(z.union([readAs(option, (one) => [one]), listOf(option)]));
const custom_fields = z.nullish(z.looseObject({}));
const more = z.nullish(z.object({ next_cursor: textOrNone }));
const person = z.object({ id, emails, labels, custom_fields });
const persons = z.object({ data: listOf(person), additional_data: more });
const field = z.object({ field_code: z.string(), options: z.nullish(listOf(option)) });
const fields = z.object({ data: listOf(field), additional_data: more });

const size = '500';
const at = (cursor?: string) => ({ limit: size, ...(cursor !== undefined && { cursor }) });

function* list(from: string, tag: string | undefined, place?: string): Conversation<ListPage> {
  const asked =
    from === 'labels' ? { include_labels: 'true' } : { custom_fields: from, include_option_labels: 'true' };
  const query = { sort_by: 'id', sort_direction: 'asc', ...asked, ...at(place) };
  const { data, additional_data } = persons.parse(yield { method: 'GET', path: path`persons`, query });
  const found = data.map(({ id, emails, labels, custom_fields }) => {
    const address = emails?.find(({ primary }) => primary) ?? emails?.[0];
    const own = from === 'labels' ? labels : tag === undefined ? [] : chosen.parse(custom_fields?.[from]);
    const names = (own ?? []).map(({ label }) => label);
    return { id, email: address?.value ?? undefined, ...unlessTagged(names, tag) };
  });
  return cursorPage(place, found, additional_data?.next_cursor);
}

/** What there is to choose from; undefined where no field says. */
const readOptions = (from: string) =>
  function* (): Conversation<Group[] | undefined> {
    let cursor: string | undefined;
    for (let page = 0; page < mostPages; page += 1) {
      const answer = fields.parse(yield { method: 'GET', path: path`personFields`, query: at(cursor) });
      const own = answer.data.find(
        ({ field_code }) => field_code === (from === 'labels' ? 'label_ids' : from),
      );
      if (own) return own.options?.map(({ label }) => ({ id: label, name: label }));
      cursor = answer.additional_data?.next_cursor ?? undefined;
      if (cursor === undefined) break;
    }
    return undefined;
  };

/** https://developers.pipedrive.com/docs/api/v1/Persons and /PersonFields, version 2: at most 500 a page. All are read, and their tags compared. */
export const pipedriveLists = (tagsFrom: string): ContactLists => ({
  all: (_of, place) => list(tagsFrom, undefined, place),
  tag: listByName(`options of ${tagsFrom}`, readOptions(tagsFrom), (tag, place) =>
    list(tagsFrom, tag, place),
  ),
});
