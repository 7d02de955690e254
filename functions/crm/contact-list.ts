import type { Conversation } from './conversation.ts';
import { ContactNotFound } from './crm-errors.ts';

/** By what a CRM lists contacts. */
export const listKinds = ['all', 'tag', 'segment'] as const;
export type ListKind = (typeof listKinds)[number];

/** A contact as a list shows it. What a user is made of, only the contact itself tells. */
export interface ListedContact {
  id: string;
  email: string | undefined;
  /** It stands in the list and is none of those asked for: the CRM has no list of just these. */
  isOther?: boolean;
}

/** A page of a list. A place is a text that says where a page begins; the first one has none. */
export interface ListPage {
  contacts: readonly ListedContact[];
  /** Where the list goes on; undefined at its end. */
  next?: string | undefined;
  /**
   * Where to read again when the first contact of the page was never seen: pages by number begin with a contact of the page before, and
   * without it others have moved to where nobody looks any more. Cursors keep their place.
   */
  before?: string | undefined;
}

/** There is no such tag or segment, but these. */
export interface NoSuchGroup {
  names: readonly string[];
}

/**
 * One page of contacts.
 *
 * @param of the tag or the segment, as people call it
 */
export type ContactList = (of: string, place?: string) => Conversation<ListPage | NoSuchGroup>;
export type ContactLists = Readonly<Partial<Record<ListKind, ContactList>>>;

/** Reads contacts from an offset on, always in the same order. */
type ReadFrom = (offset: number) => Conversation<readonly ListedContact[]>;

/**
 * A page of a list by offsets: it begins with the last contact of the one before. A page that is short is no end, as servers may give
 * fewer than they are asked for; one with nothing new is.
 *
 * @param size how many are asked for
 */
export function* offsetPage(place: string | undefined, size: number, read: ReadFrom): Conversation<ListPage> {
  const at = Number(place ?? 0);
  const contacts = yield* read(at);
  return {
    contacts,
    next: contacts.length > 1 ? String(at + contacts.length - 1) : undefined,
    before: at === 0 ? undefined : String(Math.max(at - size + 1, 0)),
  };
}

/** A page by its number, from 1 on. */
export interface NumberedPage {
  contacts: readonly ListedContact[];
  hasMore: boolean;
}
type ReadPage = (page: number) => Conversation<NumberedPage>;

/** The list may have become shorter: a page that is not there any more is its end. A first one that is not there is a wrong URL. */
function* readOrEnd(page: number, read: ReadPage): Conversation<NumberedPage> {
  try {
    return yield* read(page);
  } catch (error) {
    if (!(error instanceof ContactNotFound) || page === 1) throw error;
    return { contacts: [], hasMore: false };
  }
}

/**
 * A page of a list by page numbers. As pages cannot overlap by one contact there, the one before is read again, after it: whoever
 * has moved from this one to that meanwhile is there.
 */
export function* numberedPage(place: string | undefined, read: ReadPage): Conversation<ListPage> {
  const at = Number(place ?? 1);
  const { contacts, hasMore } = yield* readOrEnd(at, read);
  const again = at === 1 ? [] : (yield* readOrEnd(at - 1, read)).contacts;
  return {
    contacts: [...again, ...contacts],
    next: hasMore ? String(at + 1) : undefined,
    before: at === 1 ? undefined : String(at - 1),
  };
}

/** A page of a list by cursors. One that goes on with itself is none: it would never end. */
export function cursorPage(
  place: string | undefined,
  contacts: readonly ListedContact[],
  next: string | null | undefined,
): ListPage {
  if (next && next === place) throw new Error('The list goes on with itself.');
  return { contacts, next: next || undefined };
}
