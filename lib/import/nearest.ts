/** How many letters have to be typed differently. https://en.wikipedia.org/wiki/Levenshtein_distance */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [above, letter] of [...one].entries()) {
    const next = [above + 1];
    for (let at = 1; at <= other.length; at += 1) {
      const swap = (row[at - 1] ?? 0) + (letter === other[at - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[at] ?? 0) + 1, (next[at - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

const most = 5;
/** Of a longer name the beginning will do: names have no limit, and the time goes with their product. */
const longest = 60;

/** The names that somebody may have meant, nearest first. */
export function nearest(typed: string, names: readonly string[]): string[] {
  const plain = (text: string) => text.normalize('NFKC').toLowerCase().slice(0, longest);
  const wanted = plain(typed);
  const far = (name: string) => {
    const given = plain(name);
    return given.includes(wanted) || wanted.includes(given) ? 0 : distance(wanted, given);
  };
  return names
    .map((name) => ({ name, far: far(name) }))
    .sort((one, other) => one.far - other.far)
    .slice(0, most)
    .map(({ name }) => name);
}
