import type { ListedContact, ListPage } from '../../functions/crm/contact-list.ts';
import { Marks } from './marks.ts';

/** Reads the page at a place; the first one without. */
export type ReadPage = (place: string | undefined) => Promise<ListPage>;

/** What a page has shown that no page before did. */
export interface Step {
  place: string | undefined;
  fresh: readonly ListedContact[];
}

/** Everybody so far. */
export interface Seen {
  has(id: string): boolean;
  add(id: string): unknown;
}

/** So many pages without anybody whom this walk has not met belong to a list that begins again and again. */
const mostIdle = 100;

/** The list cannot be read to its end. */
export class EndlessList extends Error {
  override name = 'EndlessList';
  constructor() {
    super('The CRM gives the same contacts again and again.');
  }
}

const isJoined = ({ before, contacts: [first] }: ListPage, seen: Seen) =>
  before === undefined || (first !== undefined && seen.has(first.id));

/** Each once, as a page may show somebody twice. */
const unseen = ({ contacts }: ListPage, seen: Seen): ListedContact[] => [
  ...new Map(contacts.filter(({ id }) => !seen.has(id)).map((one) => [one.id, one])).values(),
];

/**
 * Walks through a list that changes meanwhile. A page that does not begin with somebody known is not believed: whoever stood between has
 * moved to a page that was read already, and it goes back a page until it meets somebody. At the end it looks at the last page, and then
 * at the first ones, until nobody new is there.
 *
 * @param seen each step is added once the caller has come back from it
 */
export async function* walk(read: ReadPage, from: string | undefined, seen: Seen): AsyncGenerator<Step> {
  let place = from;
  let isAgain = false;
  // Others than those seen: a walk that begins anew comes by everybody whom one before has seen.
  const met = new Marks();
  for (let idle = 0; idle < mostIdle; ) {
    const page = await read(place);
    if (!isJoined(page, seen)) {
      place = page.before;
      continue;
    }
    const fresh = unseen(page, seen);
    yield { place, fresh };
    for (const { id } of fresh) seen.add(id);
    const isOver = fresh.length === 0 && (page.next === undefined || isAgain);
    if (isOver && (isAgain || place === undefined)) return;
    if (isOver) {
      // A list may have the newest first: some say no order.
      isAgain = true;
      place = undefined;
      continue;
    }
    const before = met.size;
    for (const { id } of page.contacts) met.add(id);
    idle = met.size === before ? idle + 1 : 0;
    place = page.next ?? place;
  }
  throw new EndlessList();
}
