import type { CrmAccounts } from './crm-accounts.ts';
import { decide, randomOf } from './decide.ts';
import { note, type Person } from './person.ts';
import type { Family } from './soak-options.ts';

export const editKinds = [
  'create',
  'tags',
  'undo-tags',
  'many-tags',
  'fields',
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

function editFields(person: Person, seed: number): void {
  const random = decide(seed, 'fields', person.n, person.edits);
  const values = {
    city: random.pick(cities),
    vip: random.int(2) === 0,
    orders: random.int(1000),
    birthday: `19${50 + random.int(50)}-0${1 + random.int(9)}-1${random.int(10)}`,
    interests: random.some(interests),
  };
  for (const [key, value] of random.some(Object.entries(values))) {
    if (!Array.isArray(value) || value.length > 0) person.fields[key] = value;
  }
  person.fields['score'] = person.edits + 0.5;
}

function change(person: Person, kind: EditKind, ports: EditPorts): void {
  const { seed, crm } = ports;
  person.edits += 1;
  if (tagEdits.has(kind)) {
    editTags(person, kind, ports);
    return;
  }
  person.otherEdit = person.edits;
  if (!ports.families.has('toggles')) person.fields['score'] = person.edits + 0.5;
  if (kind === 'fields') editFields(person, seed);
  if (kind === 'rename') person.first = decide(seed, 'name', person.n, person.edits).pick(names);
  if (kind === 'move') person.email = `person-${person.n}-${person.edits}@example.com`;
  if (kind === 'create' || kind === 'recreate') {
    if (kind === 'create') {
      editTags(person, person.habit === 'many-tags' ? 'many-tags' : 'tags', ports);
      editFields(person, seed);
    }
    if (person.contactId !== undefined) crm.remove(person, person.contactId);
    // Nobody has written the tags of the new contact yet.
    person.tagEdit = person.edits;
    person.contactId = newContactId(seed, person);
    person.contactIds.push(person.contactId);
  }
}

/** Does an edit, in the model and in the CRM at once, and answers whom it touched. */
export function edit(person: Person, kind: EditKind, ports: EditPorts): Person[] {
  const other = kind === 'swap' ? ports.people[person.partner] : undefined;
  if (other) [person.email, other.email] = [other.email, person.email];
  const touched = other ? [person, other] : [person];
  for (const one of touched) change(one, kind, ports);
  for (const one of touched) {
    if (one.contactId === undefined) continue;
    ports.crm.put(one, one.contactId);
    note(one, ports.now(), `edit ${one.edits} ${kind} of contact ${one.contactId}`);
  }
  return touched;
}
