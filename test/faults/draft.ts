import type { SeededRandom } from '../integration/seeded-random.ts';
import { happens, weighted } from './decide.ts';
import { type EditKind, tagEdits } from './edits.ts';
import type { Person } from './person.ts';
import { givenRoles } from './role-events.ts';
import type { Family } from './soak-options.ts';

export type SentAction = 'add' | 'update' | 'update_tags';

/** One webhook that a CRM's automation sends. */
export interface Delivery {
  readonly index: number;
  readonly action: SentAction;
  readonly isAsync: boolean;
  /** The role that it asks for. */
  readonly role?: string;
  /** More than one for a batch. */
  readonly people: readonly [Person, ...Person[]];
  /** How often the CRM sends it again when it gets no 2xx. */
  readonly patience: number;
}

/** A webhook that has no place in the story yet. */
export type Draft = Omit<Delivery, 'index'>;

/** What a webhook is sent after, and with which action if not with any. */
export interface Occasion {
  person: Person;
  kind: EditKind | 'none';
  action?: SentAction | undefined;
}

export interface Cast {
  people: readonly Person[];
  /** Those who are in their CRM. */
  created: ReadonlySet<Person>;
  families: ReadonlySet<Family>;
}

/** Per cent of the webhooks that ask for a role, of those that may. */
const rolePercent = 25;

/** People of one account, who all want a mail or all want none: a webhook has one `send_notification`. */
function batch(random: SeededRandom, person: Person, { people, created }: Cast): [Person, ...Person[]] {
  const [first, last] = [Math.max(person.n - 40, 0), person.n + 40];
  const alike = people.slice(first, last).filter((one) => {
    const fits = one.crm === person.crm && one.wantsMail === person.wantsMail;
    return one !== person && fits && created.has(one);
  });
  return [person, ...random.some(alike).slice(0, 2 + random.int(10))];
}

/** Draws what the CRM's automation sends. */
export function draftOf(random: SeededRandom, { person, kind, action: asked }: Occasion, cast: Cast): Draft {
  const isNew = kind === 'recreate' && happens(random, 80);
  const action =
    asked ??
    weighted<SentAction>(random, [
      [isNew ? 100 : 40, 'add'],
      [isNew ? 0 : 35, 'update'],
      [kind !== 'none' && tagEdits.has(kind) ? 30 : 4, 'update_tags'],
    ]);
  const mayGive = cast.families.has('roles') && action !== 'update_tags';
  return {
    action,
    isAsync: happens(random, 12),
    ...(mayGive && happens(random, rolePercent) ? { role: random.pick(givenRoles) } : {}),
    people: happens(random, 3) ? batch(random, person, cast) : [person],
    patience: weighted(random, [
      [30, 0],
      [30, 1],
      [40, 4],
    ]),
  };
}
