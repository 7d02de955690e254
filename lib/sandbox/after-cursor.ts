const isBehind = (id: string, cursor: string) =>
  id.length === cursor.length ? id > cursor : id.length > cursor.length;

/** A page behind the one who stood last on the page before, who may be gone by now. Ids grow, as contacts come. */
export function afterCursor<Item extends { id: string }>(
  all: readonly Item[],
  cursor: string | null | undefined,
  size: number,
): { some: Item[]; next: string | null } {
  const left = cursor ? all.filter(({ id }) => isBehind(id, cursor)) : all;
  const some = left.slice(0, size);
  return { some, next: left.length > size ? (some.at(-1)?.id ?? null) : null };
}
