import { clearFields } from './clear-fields.ts';
import type { CrmAccounts } from './crm-accounts.ts';
import { decide, happens, randomOf } from './decide.ts';
import { type LateContacts, lateness } from './late-contacts.ts';
import { note, type Person, type Value } from './person.ts';
import type { Family } from './soak-options.ts';
import type { Tally } from './tally.ts';

export const editKinds = [
  'create',
  'tags',
  'undo-tags',
  'many-tags',
  'fields',
  'clear',
  'rename',
  'move',
  'recreate',
  'swap',
] as const;

/** What somebody does to a person in the CRM. `undo-tags` gives back the tags it had before. */
export type EditKind = (typeof editKinds)[number];

/** Edits of tags alone, after which `update_tags` is enough. */
export const tagEdits: ReadonlySet<EditKind> = new Set(['tags', 'undo-tags', 'many-tags']);

export interface EditPorts {
  seed: number;
  people: readonly Person[];
  crm: CrmAccounts;
  families: ReadonlySet<Family>;
  late: LateContacts;
  tally: Tally;
  now: () => Date;
}

const cities = ['Berlin', 'Lisbon', 'Oslo', 'Porto', 'Quito', 'Riga'] as const;
const names = ['Ada', 'Grace', 'Mary', 'Karen', 'Radia', 'Hedy', 'Jean', 'Joan'] as const;
const interests = ['chess', 'sailing', 'tea', 'running', 'opera'];

function newContactId(seed: number, { n, crm, contactIds }: Person): string {
  const count = contactIds.length;
  return crm === 'encharge' ? randomOf(seed, 'contact', n, count).uuid() : String(1000 + n * 100 + count);
}

/** Without `toggles` no state of a person ever comes back: each edit leaves a mark of its own. */
function editTags(person: Person, kind: EditKind, ports: EditPorts): void {
  const random = decide(ports.seed, 'tags', person.n, person.edits);
  const before = person.tags;
  if (kind === 'undo-tags') person.tags = person.tagsBefore;
  else if (kind === 'many-tags') {
    const count = 80 + random.int(130);
    const start = random.int(100);
    person.tags = Array.from({ length: count }, (_, n) => `mass ${start + n}`);
  } else {
    const [dropped, added] = [random.int(3), 1 + random.int(2)];
    const kept = person.tags.filter(
      () => person.tags.length < 3 || random.int(person.tags.length) >= dropped,
    );
    const more = Array.from({ length: added }, () => `tag ${random.int(40)}`);
    person.tags = [...new Set([...kept, ...more])];
  }
  if (!ports.families.has('toggles')) {
    person.tags = [...person.tags.filter((tag) => !tag.startsWith('edit ')), `edit ${person.edits}`];
  }
  person.tagsBefore = before;
  person.tagEdit = person.edits;
}

/** Of two contacts of one human each has a field that the other has not. */
function isGiven(key: string, { twin, crm }: Person): boolean {
  if (!twin) return true;
  return key !== 'birthday' && key !== (crm === 'encharge' ? 'orders' : 'interests');
}

function editFields(person: Person, seed: number): void {
  const random = decide(seed, 'fields', person.n, person.edits);
  const values: Record<string, Value> = {
    city: random.pick(cities),
    vip: random.int(2) === 0,
    orders: random.int(1000),
    birthday: `19${50 + random.int(50)}-0${1 + random.int(9)}-1${random.int(10)}`,
    interests: random.some(interests),
  };
  for (const [key, value] of random.some(Object.entries(values))) {
    if ((Array.isArray(value) && value.length === 0) || !isGiven(key, person)) continue;
    person.fields[key] = value;
    delete person.emptied[key];
  }
  person.fields['score'] = person.edits + 0.5;
}

/** Puts a contact into the CRM, under a new id and some of them late. */
function create(person: Person, kind: EditKind, { seed, crm, families, late, tally, now }: EditPorts): void {
  if (person.contactId !== undefined) crm.remove(person, person.contactId);
  const id = newContactId(seed, person);
  const random = decide(seed, 'late', person.n, person.contactIds.length);
  if (families.has('late-contacts') && happens(random, 20)) {
    late.hide(id, now().getTime() + lateness(random));
    tally.add(`late contacts by ${kind}`);
  }
  // Nobody has written the tags of the new contact yet.
  person.tagEdit = person.edits;
  person.contactId = id;
  person.contactIds.push(id);
}

function change(person: Person, kind: EditKind, ports: EditPorts): void {
  const { seed } = ports;
  const isSettled = person.settled === person.edits;
  person.edits += 1;
  if (tagEdits.has(kind)) {
    editTags(person, kind, ports);
    return;
  }
  person.otherEdit = person.edits;
  if (!ports.families.has('toggles')) person.fields['score'] = person.edits + 0.5;
  if (kind === 'fields') editFields(person, seed);
  if (kind === 'clear') {
    const random = decide(seed, 'clear', person.n, person.edits);
    ports.tally.add('fields cleared', clearFields(person, random, isSettled));
  }
  if (kind === 'rename') person.first = decide(seed, 'name', person.n, person.edits).pick(names);
  if (kind === 'move') {
    person.left.push(person.email);
    person.email = `person-${person.n}-${person.edits}@example.com`;
  }
  if (kind === 'create') {
    editTags(person, person.habit === 'many-tags' ? 'many-tags' : 'tags', ports);
    editFields(person, seed);
  }
  if (kind === 'create' || kind === 'recreate') create(person, kind, ports);
}

/** A move before both contacts of a human are linked to one user would part them, and rightly. */
const mayMove = ({ twin, userId }: Person) => !twin || (userId !== undefined && userId === twin.userId);

/** Does an edit, in the model and in the CRM at once, and answers whom it touched. */
export function edit(person: Person, kind: EditKind, ports: EditPorts): Person[] {
  if (kind === 'move' && !mayMove(person)) return [];
  const other = kind === 'swap' ? ports.people[person.partner] : undefined;
  const touched = other ? [person, other] : [person];
  if (other) {
    for (const one of touched) one.left.push(one.email);
    [person.email, other.email] = [other.email, person.email];
  }
  ports.tally.add(`edit/${kind}${person.twin ? ' of one of two' : ''}`);
  for (const one of touched) change(one, kind, ports);
  for (const one of touched) {
    if (one.contactId === undefined) continue;
    ports.crm.put(one, one.contactId);
    note(one, ports.now(), `edit ${one.edits} ${kind} of contact ${one.contactId}`);
  }
  return touched;
}
