import { cleanTags } from './connector.ts';
import type { ContactList, ListPage } from './contact-list.ts';
import { type Conversation, remembered } from './conversation.ts';

/** What contacts are in: a tag, a list, a segment. */
export interface Group {
  id: string;
  name: string;
}

/** Reads all that an account has. */
type ReadGroups = () => Conversation<readonly Group[]>;
/** The same of a CRM that may not say which there are. */
type ReadKnownGroups = () => Conversation<readonly Group[] | undefined>;
/** A page of those who are in it. */
type ListMembers = (id: string, place?: string) => Conversation<ListPage>;

const nameOf = ({ name }: Group) => cleanTags([name])[0];

/**
 * The contacts of what people call by its name, as tags are.
 *
 * @param memory under which the groups are remembered
 * @param readGroups answers undefined where the CRM does not say which there are: then the name has to do
 */
export const listByName = (memory: string, readGroups: ReadKnownGroups, list: ListMembers): ContactList =>
  function* (of, place) {
    const [wanted] = cleanTags([of]);
    const find = (all: readonly Group[]) => all.find((one) => nameOf(one) === wanted);
    const isEnough = (all: readonly Group[] | undefined) => all === undefined || find(all) !== undefined;
    const groups = yield* remembered(memory, readGroups, isEnough);
    if (!groups) return yield* list(of, place);
    const found = find(groups);
    if (!found) return { names: groups.map(({ name }) => name) };
    return yield* list(found.id, place);
  };

/** The contacts of what has a number, as segments have. */
export const listById = (memory: string, readGroups: ReadGroups, list: ListMembers): ContactList =>
  function* (of, place) {
    const find = (all: readonly Group[]) => all.find(({ id }) => id === of);
    const groups = yield* remembered(memory, readGroups, (all) => find(all) !== undefined);
    const found = find(groups);
    if (!found) return { names: groups.map(({ id, name }) => `${id} (${name})`) };
    return yield* list(found.id, place);
  };

/** Marks whoever has not got a tag, where the CRM lists contacts with their tags and not by them. */
export const unlessTagged = (
  tags: readonly (string | null)[],
  wanted: string | undefined,
): { isOther?: boolean } =>
  wanted === undefined || cleanTags(tags).includes(cleanTags([wanted])[0] ?? '') ? {} : { isOther: true };
