import { isEmpty, longest } from './field-value.ts';
import { isLongerThan } from './value-length.ts';

/**
 * What custom fields are called, by the id or key under which a contact has them: the surest name first, such as the one in the
 * database before the label that somebody has typed, and may have typed twice.
 */
export type FieldNames = ReadonlyMap<string, readonly (string | null | undefined)[]>;

/** Whose each name is: a surer name of one field goes before a less sure one of another. */
function owners(names: FieldNames): Map<string, string> {
  const all = [...names].flatMap(([id, called]) => called.map((name, kind) => ({ name, id, kind })));
  all.sort((one, other) => other.kind - one.kind);
  return new Map(all.flatMap(({ name, id }) => (name ? [[name, id]] : [])));
}

export const allNames = (names: FieldNames): Iterable<string> => owners(names).keys();

/** The id of the custom field with this name. */
export const fieldIdOf = (name: string, names: FieldNames): string | undefined => owners(names).get(name);

/** Adds custom fields under all of their names. A name hides nothing that is there already. */
export function addNamed(
  fields: Map<string, unknown>,
  values: ReadonlyMap<string, unknown>,
  names: FieldNames,
): void {
  for (const [name, id] of owners(names)) {
    if (values.has(id) && !fields.has(name)) fields.set(name, values.get(id));
  }
}

/** Empty, as far as it is short enough to be looked at. */
const isUnset = (value: unknown) => !isLongerThan(value, longest) && isEmpty(value);

/** Adds a value under a name. What has the name already stays, unless it is empty: that hides nothing. */
export function addUnset(fields: Map<string, unknown>, name: string, value: unknown): void {
  if (isUnset(fields.get(name))) fields.set(name, value);
}
