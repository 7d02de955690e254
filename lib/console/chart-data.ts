import type { ShownLine } from './answers.ts';

/** What becomes of webhooks and jobs, as far as a chart tells it apart. */
export const groups = ['done', 'waits', 'refused', 'failed'] as const;
export type Group = (typeof groups)[number];

const groupByResult: Readonly<Record<string, Group>> = {
  queued: 'waits',
  waiting: 'waits',
  refused: 'refused',
  failed: 'failed',
  given_up: 'failed',
};

/** Lines of level ERROR have no result: nothing has become of what they are about. */
export const groupOf = ({ line }: ShownLine): Group =>
  groupByResult[String(line['result'])] ?? (line['result'] === undefined ? 'failed' : 'done');

export const steps = ['total', 'crm', 'store', 'key', 'queue', 'ses'] as const;
export type Step = (typeof steps)[number];

/** The milliseconds of a step, where a line has it. */
export function msOf({ line: { ms } }: ShownLine, step: Step): number | undefined {
  const value =
    typeof ms === 'object' && ms !== null ? (ms as Partial<Record<Step, unknown>>)[step] : undefined;
  return typeof value === 'number' ? value : undefined;
}

/** The value that so many of a hundred do not exceed; undefined of nothing. */
export function percentile(sorted: readonly number[], hundredth: number): number | undefined {
  return sorted[Math.max(Math.ceil((sorted.length * hundredth) / 100) - 1, 0)];
}

const spans = [1, 5, 10, 30, 60, 300, 900, 3600, 10_800, 43_200, 86_400];
const mostBuckets = 60;

/** How long a bucket is, in seconds. */
const spanOf = (seconds: number): number =>
  spans.find((span) => seconds / span <= mostBuckets) ?? Math.ceil(seconds / mostBuckets);

/** Lines by time. Times are in seconds since 1970, as uPlot takes them. */
export interface Buckets {
  /** The length of each, in seconds. */
  span: number;
  times: number[];
  counts: Record<Group, number[]>;
  p50: (number | null)[];
  p95: (number | null)[];
}

/** Sorts lines, oldest first, into buckets of one length. */
export function buckets(lines: readonly ShownLine[], step: Step): Buckets {
  const at = (shown: ShownLine) => Date.parse(shown.time) / 1000;
  const seconds = lines.map(at);
  const [first, last] = [Math.min(...seconds), Math.max(...seconds)];
  if (lines.length === 0)
    return { span: 0, times: [], counts: { done: [], waits: [], refused: [], failed: [] }, p50: [], p95: [] };
  const span = spanOf(last - first);
  // One before the first: a chart of one moment has no width.
  const start = Math.floor(first / span) - 1;
  const count = Math.floor(last / span) - start + 1;
  const empty = () => Array.from({ length: count }, () => 0);
  const counts = { done: empty(), waits: empty(), refused: empty(), failed: empty() };
  const taken = Array.from({ length: count }, (): number[] => []);
  for (const [index, shown] of lines.entries()) {
    const bucket = Math.floor((seconds[index] ?? first) / span) - start;
    const group = counts[groupOf(shown)];
    group[bucket] = (group[bucket] ?? 0) + 1;
    const ms = msOf(shown, step);
    if (ms !== undefined) taken[bucket]?.push(ms);
  }
  for (const some of taken) some.sort((one, other) => one - other);
  const of = (hundredth: number) => taken.map((some) => percentile(some, hundredth) ?? null);
  const times = Array.from({ length: count }, (_, index) => (start + index) * span);
  return { span, times, counts, p50: of(50), p95: of(95) };
}

/** p50 and p95 of each step, over all lines. */
export function stepTable(lines: readonly ShownLine[]): { step: Step; p50: number; p95: number }[] {
  return steps.flatMap((step) => {
    const all = lines.flatMap((shown) => msOf(shown, step) ?? []).sort((one, other) => one - other);
    const [p50, p95] = [percentile(all, 50), percentile(all, 95)];
    return p50 === undefined || p95 === undefined ? [] : [{ step, p50, p95 }];
  });
}
