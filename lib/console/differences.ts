/** A value of a user before and after a write. */
export interface Difference {
  what: string;
  before: unknown;
  after: unknown;
}

type Item = Record<string, unknown>;

/** What changes with every write, and says nothing. */
const dull = new Set(['pk', 'sk', 'version', 'updated', 'looks', 'pulled']);

const isMap = (value: unknown): value is Item =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Each field, contact and pending effect by itself. */
function flat(item: Item = {}): Map<string, unknown> {
  const all = new Map<string, unknown>();
  for (const [name, value] of Object.entries(item)) {
    if (dull.has(name)) continue;
    if (!isMap(value)) all.set(name, value);
    else for (const [key, one] of Object.entries(value)) all.set(`${name}.${key}`, one);
  }
  return all;
}

/** What differs between two states of an item. */
export function differences(before: Item | undefined, after: Item | undefined): Difference[] {
  const [old, now] = [flat(before), flat(after)];
  return [...new Set([...old.keys(), ...now.keys()])]
    .map((what) => ({ what, before: old.get(what), after: now.get(what) }))
    .filter((one) => JSON.stringify(one.before) !== JSON.stringify(one.after));
}
