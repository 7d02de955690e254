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
