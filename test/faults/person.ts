import type { TestedCrm } from '../support/tested-crm.ts';
import { decide, weighted } from './decide.ts';
import type { RoleEvent } from './role-events.ts';
import type { Family } from './soak-options.ts';

/**
 * What happens to a person besides ordinary edits: address changes, a new contact id, an address swapped, 90 tags, or a second
 * contact in the other CRM.
 */
export type Habit =
  | 'ordinary'
  | Extract<Family, 'moves' | 'recreations' | 'swaps' | 'many-tags' | 'both-crms'>;

export type Value = string | number | boolean | readonly string[];

/** How a CRM shows a field that was emptied. */
export type Emptied = 'null' | 'blank' | 'missing';

/** A person in a CRM, and what was promised of it: the model that the table is held against in the end. */
export interface Person {
  readonly n: number;
  readonly crm: TestedCrm;
  readonly habit: Habit;
  /** Whether its `add`s ask for a welcome mail: all of them do or none, whichever comes first. */
  readonly wantsMail: boolean;
  /** The next one in the plan's list, for swaps. */
  readonly partner: number;
  /** The same human in the other CRM: both are to be one user. */
  twin: Person | undefined;
  /** Whether its address changes: of two twins that of one. */
  readonly isMover: boolean;
  /** The user that the function says it has. */
  userId: string | undefined;
  /** Undefined until it is in the CRM. */
  contactId: string | undefined;
  /** All ids it ever had there. */
  readonly contactIds: string[];
  email: string;
  /** The addresses that it had before, one for each move. */
  readonly left: string[];
  first: string;
  last: string;
  tags: readonly string[];
  tagsBefore: readonly string[];
  /** Custom fields and the city, by their local keys. */
  readonly fields: Record<string, Value>;
  /** Fields that are empty in the CRM after they were set there. */
  readonly emptied: Record<string, Emptied>;
  /** What is stored of fields that were emptied: an empty value overwrites none. */
  readonly kept: Record<string, Value>;
  /** Roles that webhooks asked for. */
  readonly roles: RoleEvent[];
  /** Edits so far, and the number of the last one that changed tags, or anything else. */
  edits: number;
  tagEdit: number;
  otherEdit: number;
  /** The last edit that is known to be stored. */
  settled: number;
  /** The newest edits that a webhook answered with 2xx was sent after. */
  promisedTags: number;
  promisedAll: number;
  /** Contact ids for which an `add` was answered with 2xx. */
  readonly promisedAdds: Set<string>;
  /** What happened to it, ids and codes only. */
  readonly history: string[];
}

const habits = (families: ReadonlySet<Family>) =>
  (
    [
      [60, 'ordinary'],
      [14, 'moves'],
      [12, 'recreations'],
      [8, 'swaps'],
      [6, 'many-tags'],
      [16, 'both-crms'],
    ] as const
  ).filter(([, habit]) => habit === 'ordinary' || families.has(habit));

/** The people of a run. None is in its CRM yet. */
export function makePeople(seed: number, count: number, families: ReadonlySet<Family>): Person[] {
  const people = Array.from({ length: count }, (_, n): Person => {
    // Two neighbours are alike, so that they can swap; a user may then become the other's, mail and all.
    const pair = decide(seed, 'pair', Math.floor(n / 2));
    const crm = pair.pick<TestedCrm>(['encharge', 'userengage']);
    const habit = weighted(pair, habits(families));
    const wantsMail = pair.int(2) === 0;
    const isFirst = n % 2 === 0;
    const isMover = habit === 'both-crms' ? isFirst === (pair.int(2) === 0) : habit === 'moves';
    return {
      n,
      crm: habit === 'both-crms' ? (isFirst ? 'encharge' : 'userengage') : crm,
      habit,
      wantsMail,
      partner: isFirst ? n + 1 : n - 1,
      twin: undefined,
      isMover,
      userId: undefined,
      contactId: undefined,
      contactIds: [],
      email: `person-${habit === 'both-crms' && !isFirst ? n - 1 : n}@example.com`,
      left: [],
      first: 'Ada',
      last: 'Lovelace',
      tags: [],
      tagsBefore: [],
      // User.com has a standard field of that name, which is 0 unless it is set.
      fields: { score: 0 },
      emptied: {},
      kept: {},
      roles: [],
      edits: 0,
      tagEdit: 0,
      otherEdit: 0,
      settled: 0,
      promisedTags: 0,
      promisedAll: 0,
      promisedAdds: new Set(),
      history: [],
    };
  });
  for (const person of people) if (person.habit === 'both-crms') person.twin = people[person.partner];
  return people;
}

const longestHistory = 80;

/** Remembers something of a person, with the time of day of the run's clock. */
export function note(person: Person, at: Date, what: string): void {
  person.history.push(`${at.toISOString().slice(5, 23)} ${what}`);
  if (person.history.length > longestHistory) person.history.shift();
}

/** Whether everything that was changed in the CRM was followed by a webhook that got a 2xx. */
export function isPromised(person: Person): boolean {
  const { contactId, promisedTags, promisedAll, tagEdit, otherEdit, promisedAdds } = person;
  if (contactId === undefined) return true;
  return promisedAdds.has(contactId) && promisedTags >= tagEdit && promisedAll >= otherEdit;
}

/** Whether everything that was promised of a person must be stored: nothing of it waits. */
export function isSettled(person: Person, waiting: ReadonlySet<string>): boolean {
  return isPromised(person) && !person.contactIds.some((id) => waiting.has(`${person.crm}/${id}`));
}
