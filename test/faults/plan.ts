import type { SeededRandom } from '../integration/seeded-random.ts';
import { decide, happens, weighted } from './decide.ts';
import { type EditKind, tagEdits } from './edits.ts';
import type { Person } from './person.ts';
import type { SoakOptions } from './soak-options.ts';

export type SentAction = 'add' | 'update' | 'update_tags';

/** One webhook that a CRM's automation sends. */
export interface Delivery {
  readonly index: number;
  readonly action: SentAction;
  readonly isAsync: boolean;
  /** More than one for a batch. */
  readonly people: readonly [Person, ...Person[]];
  /** How often the CRM sends it again when it gets no 2xx. */
  readonly patience: number;
}

/** Steps are begun in their order; an edit is done at once, deliveries take their time. */
export type Step = { edit: EditKind; person: Person } | { delivery: Delivery };

/** Each wave ends with a wait for its slowest call: more waves are slower, fewer see less weather. */
const mostInWave = 800;

type Draft = Omit<Delivery, 'index'>;

/** Writes the story of a run: who is edited when, and which webhooks are sent. It depends on the seed alone. */
export class Plan {
  readonly #options: SoakOptions;
  readonly #people: readonly Person[];
  readonly #waveSize: number;
  /** Deliveries by the tick they leave at. */
  readonly #due = new Map<number, Draft[]>();
  /** Edits that are planned for a tick. */
  readonly #edits = new Map<number, Step[]>();
  readonly #created = new Set<Person>();
  #tick = 0;
  #drafted = 0;
  #delivered = 0;

  constructor(options: SoakOptions, people: readonly Person[]) {
    this.#options = options;
    this.#people = people;
    this.#waveSize = Math.min(Math.max(Math.round(options.deliveries / 8), 20), mostInWave);
  }

  get isOver(): boolean {
    return this.#drafted >= this.#options.deliveries && this.#due.size === 0 && this.#edits.size === 0;
  }

  /** The next steps, some hundred deliveries; time passes after them. */
  wave(): Step[] {
    const steps: Step[] = [];
    const end = this.#delivered + this.#waveSize;
    while (this.#delivered < end && !this.isOver) {
      this.#tick += 1;
      if (this.#drafted < this.#options.deliveries) this.#happening(steps);
      steps.push(...(this.#edits.get(this.#tick) ?? []));
      this.#edits.delete(this.#tick);
      for (const draft of this.#due.get(this.#tick) ?? []) {
        steps.push({ delivery: { ...draft, index: this.#delivered } });
        this.#delivered += 1;
      }
      this.#due.delete(this.#tick);
    }
    return steps;
  }

  /** Somebody does something in a CRM, and its automations react. */
  #happening(steps: Step[]): void {
    const random = decide(this.#options.seed, 'tick', this.#tick);
    const person = this.#someone(random);
    if (!this.#created.has(person)) {
      this.#created.add(person);
      steps.push({ edit: 'create', person });
      this.#send(random, person, 'create', random.pick(['add', 'add', 'add', 'update']));
      this.#send(random, person, 'create', 'add');
      return;
    }
    if (happens(random, 10)) {
      this.#flurry(random, person);
      return;
    }
    // A burst is one person changed several times at once.
    const times = happens(random, 8) ? 2 + random.int(5) : 1;
    for (let count = 0; count < times; count += 1) this.#edit(random, person, steps);
  }

  /** An automation changes a person several times, each with a webhook, while the first is still under way. */
  #flurry(random: SeededRandom, person: Person): void {
    const begin = this.#tick;
    const back = this.#options.families.has('toggles') ? 'undo-tags' : 'tags';
    const kinds = random.pick<readonly EditKind[]>([
      ['tags', back, 'tags', back],
      ['tags', back],
      ['tags', 'fields', 'tags', 'fields'],
    ]);
    for (const kind of kinds) {
      const others = this.#edits.get(this.#tick) ?? [];
      this.#edits.set(this.#tick, [...others, { edit: kind, person }]);
      this.#send(random, person, kind, random.pick(['update', 'update_tags', 'add']), 0);
      this.#tick += 1 + random.int(3);
    }
    this.#tick = begin;
  }

  #edit(random: SeededRandom, person: Person, steps: Step[]): void {
    const kind = this.#kindOf(random, person);
    if (kind !== 'none') steps.push({ edit: kind, person });
    const webhooks = weighted(random, [
      [70, 1],
      [20, 2],
      [10, 3],
    ]);
    for (let count = 0; count < webhooks; count += 1) this.#send(random, person, kind);
    const partner = this.#people[person.partner];
    if (kind === 'swap' && partner) this.#send(random, partner, kind);
  }

  /** People come, are changed for a while, and are left alone: nothing later mends what went wrong. */
  #someone(random: SeededRandom): Person {
    const count = this.#people.length;
    const active = Math.min(Math.max(8, Math.ceil(count / 10)), count);
    const share = Math.min(this.#drafted / this.#options.deliveries, 1);
    const n = Math.floor(share * (count - active)) + random.int(active);
    const person = this.#people[n];
    if (!person) throw new RangeError('Nobody is there.');
    return person;
  }

  #kindOf(random: SeededRandom, { habit, partner }: Person): EditKind | 'none' {
    const other = this.#people[partner];
    const canSwap = other !== undefined && this.#created.has(other);
    return weighted<EditKind | 'none'>(random, [
      [25, 'tags'],
      [this.#options.families.has('toggles') ? 10 : 0, 'undo-tags'],
      [20, 'fields'],
      [8, 'rename'],
      [20, 'none'],
      [habit === 'moves' ? 20 : 0, 'move'],
      [habit === 'recreations' ? 12 : 0, 'recreate'],
      [habit === 'swaps' && canSwap ? 12 : 0, 'swap'],
      [habit === 'many-tags' ? 25 : 0, 'many-tags'],
    ]);
  }

  #send(
    random: SeededRandom,
    person: Person,
    kind: EditKind | 'none',
    asked?: SentAction,
    fixedDelay?: number,
  ): void {
    const isNew = kind === 'recreate' && happens(random, 80);
    const action =
      asked ??
      weighted<SentAction>(random, [
        [isNew ? 100 : 40, 'add'],
        [isNew ? 0 : 35, 'update'],
        [kind !== 'none' && tagEdits.has(kind) ? 30 : 4, 'update_tags'],
      ]);
    const draft: Draft = {
      action,
      isAsync: happens(random, 12),
      people: happens(random, 3) ? this.#batch(random, person) : [person],
      patience: weighted(random, [
        [30, 0],
        [30, 1],
        [40, 4],
      ]),
    };
    const drawn = weighted(random, [
      [60, () => 0],
      [30, () => 1 + random.int(8)],
      [10, () => random.int(2 * this.#waveSize)],
    ])();
    const delay = fixedDelay ?? drawn;
    // Some CRMs send a webhook twice, at the same time or later.
    const copies = happens(random, 6) ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      const tick = this.#tick + delay + copy * random.int(3);
      const others = this.#due.get(tick) ?? [];
      others.splice(random.int(others.length + 1), 0, draft);
      this.#due.set(tick, others);
      this.#drafted += 1;
    }
  }

  /** People of one account, who all want a mail or all want none: a webhook has one `send_notification`. */
  #batch(random: SeededRandom, person: Person): [Person, ...Person[]] {
    const [first, last] = [Math.max(person.n - 40, 0), person.n + 40];
    const alike = this.#people.slice(first, last).filter((one) => {
      const fits = one.crm === person.crm && one.wantsMail === person.wantsMail;
      return one !== person && fits && this.#created.has(one);
    });
    return [person, ...random.some(alike).slice(0, 2 + random.int(10))];
  }
}
