import type { LoggedLine } from '../dev/short-line.ts';

/** What became of one job, as its last line says. */
export interface Fate {
  result: string;
  code?: string;
}

/** Results after which no further line comes. */
const final = new Set(['created', 'updated', 'unchanged', 'refused', 'given_up']);

const text = (value: unknown) => (typeof value === 'string' ? value : undefined);

/** Counts what log lines say of the jobs of an import. A job that an interruption has sent twice counts once, by what it did first. */
export class Tally {
  readonly #fates = new Map<string, Fate>();
  /** When a line came last, in milliseconds since 1970. */
  newsAt = 0;

  /** How many jobs are over. */
  get done(): number {
    return this.#fates.size;
  }

  /** @param now when it was read, in milliseconds since 1970 */
  note(line: LoggedLine, now: number): void {
    const [jobId, result] = [text(line['job_id']), text(line['result'])];
    if (line['message'] !== 'job' || line['action'] === 'effects' || !jobId || !result) return;
    this.newsAt = now;
    if (!final.has(result)) return;
    const before = this.#fates.get(jobId)?.result;
    if (before === 'created' || before === 'updated') return;
    const code = text(line['error_code']);
    this.#fates.set(jobId, { result, ...(code === undefined ? {} : { code }) });
  }

  of(jobId: string): Fate | undefined {
    return this.#fates.get(jobId);
  }

  /** Result, with its error code where there is one, → how many: `refused (email_missing)`. */
  counts(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { result, code } of this.#fates.values()) {
      const name = code === undefined ? result : `${result} (${code})`;
      counts[name] = (counts[name] ?? 0) + 1;
    }
    return counts;
  }

  /** How many have a result, whatever their error code. */
  count(result: string): number {
    let count = 0;
    for (const fate of this.#fates.values()) if (fate.result === result) count += 1;
    return count;
  }
}
