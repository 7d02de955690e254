import type { LoggedLine } from '../dev/short-line.ts';
import { Marks } from './marks.ts';

/** What became of one job, as its last line says. */
export interface Fate {
  result: string;
  code: string | undefined;
}

const nameOf = ({ result, code }: Fate) => (code === undefined ? result : `${result} (${code})`);

/** Results after which no further line comes. */
const final = new Set(['created', 'updated', 'unchanged', 'refused', 'given_up']);

const text = (value: unknown) => (typeof value === 'string' ? value : undefined);

/** Counts what log lines say of the jobs of an import. A job that an interruption has sent twice counts once, by what it did first. */
export class Tally {
  /** Job → which of the names its result has. */
  readonly #fates = new Marks();
  /** Result, with its error code where there is one, → how many jobs; in the order in which they came first. */
  readonly #counts = new Map<string, number>();
  /** When a line came last, in milliseconds since 1970. */
  newsAt = 0;

  /** How many jobs are over. */
  get done(): number {
    return this.#fates.size;
  }

  /** @param now when it was read, in milliseconds since 1970 */
  note(line: LoggedLine, now: number): void {
    const [jobId, result] = [text(line['first_job_id'] ?? line['job_id']), text(line['result'])];
    if (line['message'] !== 'job' || line['action'] === 'effects' || !jobId || !result) return;
    this.newsAt = now;
    if (!final.has(result)) return;
    const before = this.of(jobId);
    if (before?.result === 'created' || before?.result === 'updated') return;
    if (before) this.#count(nameOf(before), -1);
    const name = nameOf({ result, code: text(line['error_code']) });
    this.#count(name, 1);
    this.#fates.set(jobId, [...this.#counts.keys()].indexOf(name) + 1);
  }

  #count(name: string, change: 1 | -1): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + change);
  }

  of(jobId: string): Fate | undefined {
    const name = [...this.#counts.keys()][this.#fates.get(jobId) - 1];
    const [, result, code] = /^(\w+)(?: \((.*)\))?$/.exec(name ?? '') ?? [];
    return result === undefined ? undefined : { result, code };
  }

  /** Result, with its error code where there is one, → how many: `refused (email_missing)`. */
  counts(): Record<string, number> {
    return Object.fromEntries([...this.#counts].filter(([, count]) => count > 0));
  }

  /** How many have a result, whatever their error code. */
  count(result: string): number {
    let count = 0;
    for (const [name, some] of this.#counts) if (name.split(' ', 1)[0] === result) count += some;
    return count;
  }
}
