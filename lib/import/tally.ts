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
  /** Job → its result and error code, as `counts` names them. */
  readonly #fates = new Map<string, string>();
  /** Each name once: there may be a hundred thousand jobs. */
  readonly #names = new Map<string, string>();
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
    const before = this.#fates.get(jobId);
    if (before === 'created' || before === 'updated') return;
    const code = text(line['error_code']);
    const name = code === undefined ? result : `${result} (${code})`;
    if (!this.#names.has(name)) this.#names.set(name, name);
    this.#fates.set(jobId, this.#names.get(name) ?? name);
  }

  of(jobId: string): Fate | undefined {
    const [, result, code] = /^(\w+)(?: \((.*)\))?$/.exec(this.#fates.get(jobId) ?? '') ?? [];
    return result === undefined ? undefined : { result, ...(code === undefined ? {} : { code }) };
  }

  /** Result, with its error code where there is one, → how many: `refused (email_missing)`. */
  counts(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const name of this.#fates.values()) counts[name] = (counts[name] ?? 0) + 1;
    return counts;
  }

  /** How many have a result, whatever their error code. */
  count(result: string): number {
    let count = 0;
    for (const name of this.#fates.values()) if (name.split(' ', 1)[0] === result) count += 1;
    return count;
  }
}
