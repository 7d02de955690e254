import * as z from 'zod/mini';
import { type ContactLists, type ListPage, numberedPage } from '../contact-list.ts';
import { type Conversation, mostPages } from '../conversation.ts';
import { type Group, listByName } from '../list-by-name.ts';
import { path } from '../path.ts';
import { digits, listOf, readAs, textOrNone } from '../schemas.ts';

const id = readAs(z.union([z.int(), digits]), String);
const pages = { current_page: z.coerce.number(), last_page: z.optional(z.coerce.number()) };
const subscribers = z.object({
  subscribers: z.object({ ...pages, data: listOf(z.object({ id, email: textOrNone })) }),
});
const tags = z.object({ tags: z.object({ ...pages, data: listOf(z.object({ id, title: z.string() })) }) });

const size = '100';
const list = (only: Record<string, string>, place?: string): Conversation<ListPage> =>
  numberedPage(place, function* (number) {
    const order = { sort_by: 'id', sort_type: 'ASC', per_page: size };
    const query = { ...only, ...order, page: String(number) };
    const answer = subscribers.parse(yield { method: 'GET', path: path`subscribers`, query }).subscribers;
    const contacts = answer.data.map(({ id, email }) => ({ id, email: email ?? undefined }));
    return { contacts, hasMore: number < (answer.last_page ?? number) };
  });

function* readTags(): Conversation<Group[]> {
  const all: Group[] = [];
  for (let number = 1; number <= mostPages; number += 1) {
    const query = { per_page: size, page: String(number) };
    const answer = tags.parse(yield { method: 'GET', path: path`tags`, query }).tags;
    all.push(...answer.data.map(({ id, title }) => ({ id, name: title })));
    if (number >= (answer.last_page ?? number)) break;
  }
  return all;
}

/** https://developers.fluentcrm.com/rest-api/contacts/ and the plugin's SubscriberController: tags are meant by their ids. */
export const fluentcrmLists: ContactLists = {
  all: (_of, place) => list({}, place),
  tag: listByName('all tags', readTags, (tag, place) => list({ 'tags[]': tag }, place)),
};
