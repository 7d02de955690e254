import { type Line, type Log, lineFields } from '../../functions/runtime/log.ts';
import { currentInvocation } from './invocation.ts';
import { note, type Person } from './person.ts';
import type { Tally } from './tally.ts';

const address = /[^\s"'\\/]+@[^\s"'\\/]+\.[a-z]{2,}/i;
/** Lines kept for the search for passwords and one-time keys, which are known only in the end. */
const kept = 50_000;
/** Secrets are looked for by their first characters; none is shorter. */
const headLength = 8;

/** Results of webhooks that have found or made their user. */
const applied = new Set(['created', 'updated', 'unchanged']);

export interface SoakLogPorts {
  /** Keys and tokens. */
  secrets: readonly string[];
  personOf: (connection: string, contactId: string) => Person | undefined;
  tally: Tally;
  now: () => Date;
}

/** What the function logs: counted, searched for what must not be in it, and noted with the person. */
export class SoakLog implements Log {
  readonly #ports: SoakLogPorts;
  readonly #lines: string[] = [];
  readonly leaks: string[] = [];
  /** Where bugs of the function showed. */
  readonly internalErrors: string[] = [];

  constructor(ports: SoakLogPorts) {
    this.#ports = ports;
  }

  record(line: Line): void {
    const { tally, personOf, now } = this.#ports;
    const { kind, action, connection, contactId, userId, result, errorCode, deferredBy, attempt } = line;
    // What a dead process would have said nobody hears.
    if (currentInvocation()?.isDead) return;
    const code = errorCode ?? deferredBy;
    if (kind === 'job') tally.add(`job/${result}${code === undefined ? '' : ` (${code})`}`);
    if (errorCode === 'internal_error') this.internalErrors.push(JSON.stringify(line.error));
    const person = contactId === undefined ? undefined : personOf(connection, contactId);
    if (person) {
      if (applied.has(result)) person.userId = userId;
      const tries = attempt === undefined ? '' : ` try ${attempt}`;
      const warnings = line.warnings?.length ? ` ${line.warnings.join()}` : '';
      note(
        person,
        now(),
        `logged ${kind} ${action}${tries}: ${result} ${code ?? ''}${warnings} ${line.jobId ?? ''} ${userId ?? ''}`,
      );
    }
    this.#search(JSON.stringify(lineFields(line)));
  }

  problem(message: string, fields: Record<string, unknown>): void {
    this.#ports.tally.add(`problem/${message}`);
    this.#search(JSON.stringify({ message, ...fields }));
  }

  /** The kept lines that hold one of these; there are thousands of both. */
  holding(secrets: readonly string[]): string[] {
    const byHead = Map.groupBy(secrets, (secret) => secret.slice(0, headLength));
    const isHeld = (line: string) => {
      for (let at = 0; at <= line.length - headLength; at += 1) {
        const candidates = byHead.get(line.slice(at, at + headLength));
        if (candidates?.some((secret) => line.startsWith(secret, at))) return true;
      }
      return false;
    };
    return this.#lines.filter(isHeld);
  }

  #search(line: string): void {
    if (address.test(line) || this.#ports.secrets.some((secret) => line.includes(secret)))
      this.leaks.push(line);
    if (this.#lines.length < kept) this.#lines.push(line);
  }
}
