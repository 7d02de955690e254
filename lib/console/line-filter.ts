import { since as sinceOf } from '../commands/support/since.ts';
import type { ShownLine } from './answers.ts';

/** Which lines are wanted, as the page's address says it. An empty text wants everything. */
export interface LineWish {
  /** Words, all of which a line has. */
  q: string;
  result: string;
  action: string;
  connection: string;
  /** How far back, as `usher logs --since` takes it. */
  since: string;
  /** A part of that time, in milliseconds since 1970. */
  from: string;
  to: string;
}

export const everything: LineWish = {
  q: '',
  result: '',
  action: '',
  connection: '',
  since: '',
  from: '',
  to: '',
};

const texts = new WeakMap<ShownLine, string>();

/** Everything that stands in a line, in lower case. Made once: people type a word letter by letter. */
function textOf(shown: ShownLine): string {
  const known = texts.get(shown);
  if (known !== undefined) return known;
  const text = `${shown.time} ${JSON.stringify(shown.line)}`.toLowerCase();
  texts.set(shown, text);
  return text;
}

/** The part of time that is wanted, in milliseconds since 1970; undefined where all is. */
function rangeOf({ since, from, to }: LineWish, now: () => Date): [from: number, to: number] | undefined {
  const earliest = since === '' ? undefined : sinceOf(since, now());
  if (earliest === undefined && from === '' && to === '') return undefined;
  return [
    Math.max(Number(from), earliest?.getTime() ?? 0),
    to === '' ? Number.POSITIVE_INFINITY : Number(to),
  ];
}

/**
 * The lines that are wanted, in their order.
 *
 * @param now is asked only where it matters
 */
export function wantedLines(lines: readonly ShownLine[], wish: LineWish, now: () => Date): ShownLine[] {
  const words = wish.q.toLowerCase().split(/\s+/).filter(Boolean);
  const fields = (['result', 'action', 'connection'] as const).filter((name) => wish[name] !== '');
  const range = rangeOf(wish, now);
  return lines.filter((shown) => {
    if (fields.some((name) => shown.line[name] !== wish[name])) return false;
    if (range) {
      const time = Date.parse(shown.time);
      if (time < range[0] || time > range[1]) return false;
    }
    return words.length === 0 || words.every((word) => textOf(shown).includes(word));
  });
}

/** The values that a field has, for a choice. */
export function valuesOf(lines: readonly ShownLine[], field: string): string[] {
  const values = new Set<string>();
  for (const { line } of lines) if (typeof line[field] === 'string') values.add(line[field]);
  return [...values].sort();
}

/** The wish in an address's query, and back. */
export const wishOf = (query: URLSearchParams): LineWish =>
  Object.fromEntries(
    Object.keys(everything).map((name) => [name, query.get(name) ?? '']),
  ) as unknown as LineWish;

export function queryOf(wish: LineWish): string {
  const query = new URLSearchParams(Object.entries(wish).filter(([, value]) => value !== ''));
  return query.size === 0 ? '' : `?${query}`;
}
