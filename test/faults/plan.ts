import type { SeededRandom } from '../integration/seeded-random.ts';
import { decide, happens, weighted } from './decide.ts';
import { type Delivery, type Draft, draftOf, type SentAction } from './draft.ts';
import type { EditKind } from './edits.ts';
import type { Person } from './person.ts';
import type { SoakOptions } from './soak-options.ts';

/** Steps are begun in their order; an edit is done at once, deliveries take their time. */
export type Step = { edit: EditKind; person: Person } | { delivery: Delivery };

/** Each wave ends with a wait for its slowest call: more waves are slower, fewer see less weather. */
const mostInWave = 800;

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
    // Automations of both CRMs at once.
    const { twin } = person;
    if (twin && this.#created.has(twin) && happens(random, 50)) this.#edit(random, twin, steps);
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

  #kindOf(random: SeededRandom, { habit, partner, isMover, twin }: Person): EditKind | 'none' {
    const other = this.#people[partner];
    const canSwap = other !== undefined && this.#created.has(other);
    const { families } = this.#options;
    // Who may get another's user has kept no fields of its own.
    const canClear = families.has('cleared-fields') && !twin && habit !== 'swaps';
    return weighted<EditKind | 'none'>(random, [
      [25, 'tags'],
      [families.has('toggles') ? 10 : 0, 'undo-tags'],
      [20, 'fields'],
      [canClear ? 12 : 0, 'clear'],
      [8, 'rename'],
      [20, 'none'],
      [isMover ? (twin ? 50 : 20) : 0, 'move'],
      [habit === 'recreations' ? 12 : 0, 'recreate'],
      [habit === 'swaps' && canSwap ? 12 : 0, 'swap'],
      [habit === 'many-tags' ? 25 : 0, 'many-tags'],
    ]);
  }

  #send(
    random: SeededRandom,
    person: Person,
    kind: EditKind | 'none',
    action?: SentAction,
    fixedDelay?: number,
  ): void {
    const { families } = this.#options;
    const cast = { people: this.#people, created: this.#created, families };
    const draft = draftOf(random, { person, kind, action }, cast);
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
}
